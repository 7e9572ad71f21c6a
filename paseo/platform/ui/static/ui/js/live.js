// One stream of signals per page. A signal carries no data: {seq, type, subject}. Elements fetch their own fragment:
//   hx-get="…" hx-trigger="paseo:change from:body"                    anything on the page's topics
//   hx-trigger="paseo:ordering from:body"                             one package
//   hx-trigger="paseo:ordering.order_confirmed from:body"             one event
// The page names its topics in <body data-topics="…">, signed by the server.
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 60000;

export function follow(topics) {
  let source = null;
  let wait = FIRST_WAIT;
  let last = "";
  let timer = 0;
  let over = false;

  const tell = (name, detail) => document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  const remember = (event) => {
    if (event.lastEventId) last = event.lastEventId;
  };

  const changed = (event) => {
    remember(event);
    let signal;
    try {
      signal = JSON.parse(event.data);
    } catch {
      return;
    }
    if (!signal.type) return;
    tell(`paseo:${signal.type}`, signal);
    tell(`paseo:${signal.type.split(".")[0]}`, signal);
    tell("paseo:change", signal);
  };

  const open = () => {
    if (source || over || document.hidden) return;
    const address = new URL(document.body.dataset.events || "/events", location.origin);
    address.searchParams.set("topics", topics);
    if (last) address.searchParams.set("last", last);
    source = new EventSource(address);
    source.onopen = () => {
      wait = FIRST_WAIT;
      document.body.dataset.live = "on";
    };
    source.addEventListener("ready", remember);
    source.addEventListener("changed", changed);
    // Too much was missed to be told one by one: everything is looked at anew.
    source.addEventListener("reset", (event) => (remember(event), tell("paseo:change", { type: "reset" })));
    // The signature of the topics is too old; a fresh page has a fresh one. What someone is typing is never thrown away.
    source.addEventListener("expired", () => {
      over = true;
      close();
      if (!document.activeElement?.matches("input, textarea, select")) location.reload();
    });
    // Who works here no longer sees nothing any more, whatever is open or half written.
    source.addEventListener("ended", () => {
      over = true;
      close();
      location.reload();
    });
    source.onerror = again;
  };

  const close = () => {
    source?.close();
    source = null;
    document.body.dataset.live = "off";
  };

  function again() {
    close();
    clearTimeout(timer);
    timer = setTimeout(open, wait + Math.random() * wait * 0.3);
    wait = Math.min(LONGEST_WAIT, wait * 2);
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.hidden) {
      close();
      return;
    }
    wait = FIRST_WAIT;
    open();
    // A page that slept shows what is true now, also where there is no stream.
    tell("paseo:change", { type: "awake" });
  });
  addEventListener("online", () => (clearTimeout(timer), open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
}
