# One image for web, worker, beat and migrate; the command of each is a make target (docker-compose.yml).
FROM python:3.13-slim-trixie

RUN apt-get update \
 && apt-get install -y --no-install-recommends make libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --home-dir /nonexistent portal \
 && install -d -o portal -g portal /data /srv/proxy-pages

WORKDIR /srv/portal
COPY requirements.txt ./
RUN python -m venv .venv \
 && .venv/bin/python -m pip --no-cache-dir --disable-pip-version-check install --quiet \
    --require-hashes --only-binary :all: -r requirements.txt

COPY Makefile manage.py ./
COPY hdh_portal hdh_portal
COPY applications applications
COPY reviews reviews
COPY jury jury
COPY templates templates
COPY static static
# Static files are hashed and compressed once, here; the web process serves them itself.
RUN HDH_DATA_DIR=/tmp/build HDH_STATIC_DIR=/srv/portal/collected .venv/bin/python manage.py collectstatic --no-input \
 && rm -rf /tmp/build

ENV HDH_PROFILE=production HDH_DATA_DIR=/data HDH_STATIC_DIR=/srv/portal/collected HDH_BIND=0.0.0.0:8000
USER portal
VOLUME /data
EXPOSE 8000
CMD ["make", "serve"]
