"""Django's `translate` tag, made quick for plain words.

A page says some thirty constant sentences, and Django looks each up and escapes it again at every rendering: a tenth
of what a page costs. Here a constant is looked up once a language; whatever has a variable, a filter or a context is
left to Django.
"""

from django.template.base import FilterExpression, Node, Parser, Token, Variable
from django.template.context import Context
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.safestring import SafeString
from django.utils.translation import get_language


class ConstantWords(Node):
    """What the wrapped node says, by language; with `name`, put in the context rather than written."""

    child_nodelists = ()

    def __init__(self, node: TranslateNode, name: str | None) -> None:
        self._node, self._name = node, name
        self._said: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        lang = get_language()
        said = self._said.get(lang)
        if said is None:
            said = self._said[lang] = SafeString(self._node.render(context))
        if self._name is None:
            return said
        context[self._name] = said
        return SafeString("")


def translate(parser: Parser, token: Token) -> Node:
    """As Django's `{% translate "…" [as name] %}`."""
    node = do_translate(parser, token)
    if node.noop or node.message_context or not _is_constant(node.filter_expression):
        return node
    name, node.asvar = node.asvar, None
    return ConstantWords(node, name)


def _is_constant(expression: FilterExpression) -> bool:
    """Whether the expression is a quoted text alone."""
    return (
        not expression.filters and isinstance(expression.var, Variable) and expression.var.literal is not None
    )
