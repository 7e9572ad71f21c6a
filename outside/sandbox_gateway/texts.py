"""The words of the pay page."""

from __future__ import annotations

LANGUAGES = ("en", "zh-hans", "es")

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Pay {amount}",
        "test": "This is a test. No real money moves, and no card number is asked for.",
        "choose": "Choose how the card behaves",
        "pay": "Pay {amount}",
        "cancel": "Go back without paying",
        "success": "Card that works",
        "declined": "Card that the bank declines",
        "late": "Payment that takes a while: the money comes {seconds} seconds later",
        "after_hold": "Payment that comes after the shop stopped waiting",
        "twice": "Card that works, and the shop is told twice",
        "shuffled": "Card that works, and the messages come in the wrong order",
        "lost": "Card that works, but your connection breaks on the way back",
        "stubborn": "Card that works, but the shop cannot be reached at first",
        "lost_title": "The connection broke",
        "lost_text": "Your payment of {amount} went through, but this page cannot bring you back to the shop, just as "
        "when a network fails. Open the shop again: your order knows that it is paid.",
        "decided": "This payment is settled: {state}.",
        "back": "Back to the shop",
        "over": "The time to pay is over. Nothing was taken.",
        "broken": "This link is broken or was changed. Nothing was taken.",
        "captured_word": "paid",
        "declined_word": "declined, nothing was taken",
        "cancelled_word": "given up, nothing was taken",
        "pending_word": "on its way",
        "authorized_word": "reserved",
    },
    "zh-hans": {
        "title": "支付 {amount}",
        "test": "这是测试页面，不会发生真实扣款，也不需要填写卡号。",
        "choose": "请选择这张测试卡的表现",
        "pay": "支付 {amount}",
        "cancel": "不支付，返回商店",
        "success": "支付成功的卡",
        "declined": "被银行拒绝的卡",
        "late": "到账较慢：{seconds} 秒后到账",
        "after_hold": "商店停止等待之后才到账",
        "twice": "支付成功，但商店会收到两次通知",
        "shuffled": "支付成功，但通知顺序颠倒",
        "lost": "支付成功，但返回途中您的网络中断",
        "stubborn": "支付成功，但起初无法联系到商店",
        "lost_title": "连接已中断",
        "lost_text": "您的 {amount} 已支付成功，但本页面无法带您返回商店，就像网络故障时一样。"
        "请重新打开商店，订单会显示已支付。",
        "decided": "这笔付款已有结果：{state}。",
        "back": "返回商店",
        "over": "付款时间已过，未扣款。",
        "broken": "此链接已损坏或被改动，未扣款。",
        "captured_word": "已支付",
        "declined_word": "被拒绝，未扣款",
        "cancelled_word": "已放弃，未扣款",
        "pending_word": "处理中",
        "authorized_word": "已预留",
    },
    "es": {
        "title": "Pagar {amount}",
        "test": "Esto es una prueba. No se mueve dinero real ni se pide ningún número de tarjeta.",
        "choose": "Elige cómo se comporta la tarjeta",
        "pay": "Pagar {amount}",
        "cancel": "Volver sin pagar",
        "success": "Tarjeta que funciona",
        "declined": "Tarjeta que el banco rechaza",
        "late": "Pago que tarda: el dinero llega {seconds} segundos después",
        "after_hold": "Pago que llega cuando la tienda ya no espera",
        "twice": "Tarjeta que funciona, y se avisa dos veces a la tienda",
        "shuffled": "Tarjeta que funciona, y los avisos llegan en otro orden",
        "lost": "Tarjeta que funciona, pero se corta tu conexión al volver",
        "stubborn": "Tarjeta que funciona, pero al principio no se puede avisar a la tienda",
        "lost_title": "Se cortó la conexión",
        "lost_text": "Tu pago de {amount} se ha hecho, pero esta página no puede llevarte de vuelta a la tienda, como "
        "cuando falla la red. Abre otra vez la tienda: tu pedido sabe que está pagado.",
        "decided": "Este pago ya está resuelto: {state}.",
        "back": "Volver a la tienda",
        "over": "Se acabó el tiempo para pagar. No se ha cobrado nada.",
        "broken": "Este enlace está roto o fue cambiado. No se ha cobrado nada.",
        "captured_word": "pagado",
        "declined_word": "rechazado, no se ha cobrado nada",
        "cancelled_word": "abandonado, no se ha cobrado nada",
        "pending_word": "en camino",
        "authorized_word": "reservado",
    },
}

WITHOUT_CENTS = {"JPY", "KRW", "CLP", "VND", "ISK", "PYG", "UGX", "XAF", "XOF", "XPF"}
THREE_PLACES = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "CNY": "¥", "JPY": "¥"}


def language_of(wanted: str) -> str:
    plain = wanted.lower().replace("_", "-")
    if plain.startswith("zh"):
        return "zh-hans"
    return plain[:2] if plain[:2] in LANGUAGES else "en"


def amount(minor: int, currency: str, language: str) -> str:
    """``€1,234.50``, ``1234,50 €`` in Spanish."""
    places = 0 if currency in WITHOUT_CENTS else 3 if currency in THREE_PLACES else 2
    number = f"{minor / 10**places:,.{places}f}"
    sign = SIGNS.get(currency, currency)
    if language == "es":
        number = number.replace(",", "\u00a0").replace(".", ",")
        return f"{number}\u00a0{sign}"
    return f"{sign}{number}" if sign != currency else f"{currency}\u00a0{number}"
