"""Pages of a call for templates of the stages below: they name no address of these floors, and the frame gives it."""

from django import template
from django.urls import reverse

register = template.Library()


@register.filter
def call_page(call):
    """The public address of a call, whatever its stage: `{{ call|call_page }}`."""
    return reverse("desk:call_detail", args=[call.slug])


@register.filter
def people_page(call):
    """Where managers see who takes part in a call, and invite others."""
    return reverse("operations:person_list", args=[call.slug])
