"""Pages of those who run the portal, and what each person may take away of their own."""

import json

from django.views.decorators.http import require_safe

from hdh_portal.operations import personal_data
from hdh_portal.web import downloads


@require_safe
def personal_data_export(request):
    """All that the portal holds of who is signed in, as a file."""
    content = json.dumps(personal_data.of(request.user), ensure_ascii=False, indent=1)
    return downloads.bytes_download(content.encode(), "mes-donnees.json", "application/json")
