"""Addresses of those who run the portal and its calls."""

app_name = "operations"
urlpatterns = []
