#!/bin/sh
# nginx's files on a machine without containers: the snippets, and the templates filled in from the environment, as the
# official image does it. Usage, with nginx.example.env copied and changed:
#   (set -a; . /etc/baclofen-faq/nginx.env; deploy/nginx/fill_in.sh /etc/nginx) && nginx -t && systemctl reload nginx
set -eu
from=$(dirname "$0") to=$1
mkdir -p "$to/conf.d" "$to/snippets"
cp "$from"/snippets/*.conf "$to/snippets/"
for template in "$from"/templates/*.template; do
    names=$(grep -o '\${[A-Z_]*}' "$template" | sort -u)
    for name in $(echo "$names" | tr -d '${}'); do
        printenv "$name" >/dev/null || { echo "fill_in.sh: $name is not set; nginx.example.env says what it is." >&2; exit 1; }
    done
    envsubst "$names" <"$template" >"$to/conf.d/$(basename "$template" .template)"
done
