#!/bin/sh
# Makes the certificates of the TLS tests anew, valid for a hundred years (openssl 3). They protect nothing.
set -eu
cd "$(dirname "$0")"
DAYS=36500

authority() { # name
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days $DAYS -subj "/CN=$1" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign -keyout "$1.key" -out "$1.pem"
}
leaf() { # name authority validity...
  name=$1 by=$2
  shift 2
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" -keyout "$name.key" -out "$name.csr"
  openssl x509 -req -in "$name.csr" -CA "$by.pem" -CAkey "$by.key" -CAcreateserial "$@" -out "$name.pem" -extfile leaf.ext
}
printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n' > leaf.ext

authority authority
authority foreign-authority
leaf server authority -days $DAYS
leaf server-renewed authority -days $DAYS
leaf client authority -days $DAYS
leaf client-foreign foreign-authority -days $DAYS

# A certificate of the past: `openssl x509` cannot make one, `openssl ca` can.
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=client-expired" -keyout client-expired.key -out client-expired.csr
: > ca.index
printf '[ca]\ndefault_ca=d\n[d]\ndatabase=ca.index\nnew_certs_dir=.\npolicy=p\ndefault_md=sha256\nrand_serial=yes\n[p]\ncommonName=supplied\n' > ca.conf
openssl ca -batch -config ca.conf -cert authority.pem -keyfile authority.key -in client-expired.csr -notext \
  -startdate 20200101000000Z -enddate 20200201000000Z -out client-expired.pem

rm -f ./*.csr ./*.srl ./ca.* ./[0-9A-F]*[0-9A-F].pem leaf.ext authority.key foreign-authority.key foreign-authority.pem
