from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "hdh_portal.accounts"
    verbose_name = "comptes"
