"""The page of a call, for templates of the stages below: they name no address of this floor, and the frame gives it."""

from django import template
from django.urls import reverse

register = template.Library()


@register.filter
def call_page(call):
    """The public address of a call, whatever its stage: `{{ call|call_page }}`."""
    return reverse("desk:call_detail", args=[call.slug])
