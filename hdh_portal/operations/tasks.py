"""What those who run the portal need not do by hand."""

from celery import shared_task

from hdh_portal.operations import proxy_pages


@shared_task
def write_proxy_pages():
    """Each minute: the proxy's pages say the closings and telephones of now."""
    proxy_pages.write()
