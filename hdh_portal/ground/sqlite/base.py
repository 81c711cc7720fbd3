"""Django's SQLite, whose connections also know the alphabet of `ground.alphabet`: PostgreSQL computes it by itself."""

from django.db.backends.sqlite3 import base

from hdh_portal.ground.alphabet import alphabetical


class DatabaseWrapper(base.DatabaseWrapper):
    """The same database, under Django's own vendor name."""

    def get_new_connection(self, conn_params):
        """A connection with the function of `Alphabetical`."""
        connection = super().get_new_connection(conn_params)
        connection.create_function("alphabetical", 1, alphabetical, deterministic=True)
        return connection
