"""Blocks with contents of their own: ``{% actbar %}…{% endactbar %}``, ``{% section title=… %}…{% endsection %}``."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.utils.safestring import SafeString

register = template.Library()
COMPONENTS = "ui/components/"


class _Wrapped(template.Node):
    def __init__(self, name: str, nodes: NodeList, options: dict[str, FilterExpression]) -> None:
        self.name, self.nodes, self.options = name, nodes, options

    def render(self, context: template.Context) -> SafeString:
        options = {name: value.resolve(context) for name, value in self.options.items()}
        page = context.template.engine.get_template(f"{COMPONENTS}{self.name}.html")  # type: ignore[union-attr]
        with context.push(contents=self.nodes.render(context), **options):
            return page.render(context)


def _wrapping(name: str) -> Any:
    def compile_block(parser: Parser, token: Token) -> _Wrapped:
        options = token_kwargs(token.split_contents()[1:], parser)
        nodes = parser.parse((f"end{name}",))
        parser.delete_first_token()
        return _Wrapped(name, nodes, options)

    return compile_block


register.tag("actbar", _wrapping("actbar"))
register.tag("section", _wrapping("section"))
