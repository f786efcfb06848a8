#!/bin/sh
# SPDX-License-Identifier: MIT
#
# bot fetches a page over HTTPS from servers that people use: nginx, openssl
# s_server, and lab 5's httpd behind a TLS end (socat, stunnel). 77 if none of
# them is here.
set -eu

lab=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
top=$(dirname -- "$lab")
bot=$top/build/gcc/lab06-https-client/bot
httpd=$top/build/gcc/lab05-threadpool/httpd
tmp=$(mktemp -d)
chmod 755 "$tmp" # the worker of nginx has another user
pids=
passed=0
failed=0

end() {
	for pid in $pids; do
		kill "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
	done
	pids=
}
trap 'end; rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

has() {
	command -v "$1" >/dev/null
}

# fetch NAME PORT [OPTION...]: the page, once to a file and ten times.
fetch() {
	name=$1
	port=$2
	shift 2
	rm -rf "$tmp/out"
	url=https://localhost:$port/page.txt
	for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		"$bot" --connect-timeout 1 --insecure "$@" "$url" \
			>/dev/null 2>&1 && break
		sleep 0.1
	done
	if "$bot" --cacert "$tmp/cert.pem" --fail --output "$tmp/out" "$@" \
		"$url" >"$tmp/report" 2>&1 &&
		cmp -s "$tmp/out/000001.body" "$tmp/site/page.txt" &&
		"$bot" --cacert "$tmp/cert.pem" --fail -n 10 -c 3 "$@" "$url" \
			>"$tmp/report" 2>&1; then
		passed=$((passed + 1))
		echo "good: $name"
	else
		failed=$((failed + 1))
		echo "BAD: $name (after $try tries)"
		cat "$tmp/report"
	fi
	end
}

any_port() {
	shuf -i 20000-30000 -n 1
}

with_nginx() {
	has nginx || { echo "left out: nginx" && return; }
	port=$(any_port)
	cat >"$tmp/nginx.conf" <<-CONFIG
	daemon off;
	pid $tmp/nginx.pid;
	error_log $tmp/nginx.err;
	events { }
	http {
		access_log off;
		client_body_temp_path $tmp/body;
		proxy_temp_path $tmp/proxy;
		fastcgi_temp_path $tmp/fastcgi;
		uwsgi_temp_path $tmp/uwsgi;
		scgi_temp_path $tmp/scgi;
		server {
			listen 127.0.0.1:$port ssl;
			root $tmp/site;
			ssl_certificate $tmp/cert.pem;
			ssl_certificate_key $tmp/key.pem;
		}
	}
	CONFIG
	nginx -c "$tmp/nginx.conf" 2>"$tmp/err" &
	pids=$!
	fetch "nginx" "$port" -4
}

with_s_server() {
	port=$(any_port)
	(cd "$tmp/site" && exec openssl s_server -WWW -quiet \
		-accept "$port" -cert "$tmp/cert.pem" -key "$tmp/key.pem") \
		>/dev/null 2>&1 &
	pids=$!
	fetch "openssl s_server -WWW" "$port"
}

# start_httpd: notes where it listens in $behind.
start_httpd() {
	rm -f "$tmp/ready"
	mkfifo "$tmp/ready"
	"$httpd" --root "$tmp/site" --listen 127.0.0.1:0 >"$tmp/ready" &
	pids=$!
	read -r _ _ behind <"$tmp/ready"
	port=$(any_port)
}

with_socat() {
	has socat || { echo "left out: socat" && return; }
	start_httpd
	socat "openssl-listen:$port,reuseaddr,fork,verify=0,cert=$tmp/cert.pem,key=$tmp/key.pem" \
		"tcp:$behind" 2>"$tmp/err" &
	pids="$pids $!"
	fetch "lab 5's httpd behind socat" "$port"
}

with_stunnel() {
	has stunnel || { echo "left out: stunnel" && return; }
	start_httpd
	cat >"$tmp/stunnel.conf" <<-CONFIG
	foreground = yes
	pid =
	[https]
	accept = 127.0.0.1:$port
	connect = $behind
	cert = $tmp/cert.pem
	key = $tmp/key.pem
	CONFIG
	stunnel "$tmp/stunnel.conf" 2>"$tmp/err" &
	pids="$pids $!"
	fetch "lab 5's httpd behind stunnel" "$port" -4
}

has openssl || { echo "openssl is missing" && exit 77; }
mkdir "$tmp/site"
echo "a page" >"$tmp/site/page.txt"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
	-keyout "$tmp/key.pem" -out "$tmp/cert.pem" -days 2 \
	-subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
chmod 644 "$tmp/key.pem"
with_nginx
with_s_server
with_socat
with_stunnel
echo "count: $passed passed, $failed failed"
[ "$failed" = 0 ]
