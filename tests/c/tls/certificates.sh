#!/bin/sh
# Makes the certificates of the TLS tests in a directory of the build tree, once for all tests: their keys are worth
# nothing. EC keys, because RSA keys take long to make.
#
# usage: certificates.sh DIRECTORY
set -eu
mkdir -p "$1"
cd "$1"

subject=/C=DE/O=Example
days=20

config() { # SUBJECT-ALT-NAMES MORE-LINES...
	printf '[req]\ndistinguished_name=dn\nprompt=no\n[dn]\n[leaf]\nbasicConstraints=CA:FALSE\n'
	printf 'keyUsage=digitalSignature,keyAgreement\nextendedKeyUsage=serverAuth,clientAuth\n'
	[ -z "$1" ] || printf 'subjectAltName=%s\n' "$1"
	printf '[ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign\n'
}

key() { # NAME
	openssl ecparam -name prime256v1 -genkey -noout -out "$1.key" 2>/dev/null
}

authority() { # NAME COMMON-NAME
	key "$1"
	config '' >"$1.cnf"
	openssl req -new -x509 -key "$1.key" -out "$1.pem" -days 3650 -subj "$subject/CN=$2" \
		-config "$1.cnf" -extensions ca -sha256
}

sign() { # NAME COMMON-NAME AUTHORITY SUBJECT-ALT-NAMES SERIAL [SECTION]
	config "$4" >"$1.cnf"
	openssl req -new -key "$1.key" -out "$1.csr" -subj "$subject/CN=$2" -config "$1.cnf"
	openssl x509 -req -in "$1.csr" -CA "$3.pem" -CAkey "$3.key" -set_serial "$5" -out "$1.pem" -days "$days" \
		-extfile "$1.cnf" -extensions "${6:-leaf}" -sha256 2>/dev/null
}

authority ca 'Test Authority'
authority other-ca 'Other Authority'

key intermediate
sign intermediate 'Test Intermediate' ca '' 2 ca

key server
sign server localhost ca DNS:localhost,IP:127.0.0.1 3
openssl x509 -in server.pem -outform DER -out server.der
openssl ec -in server.key -outform DER -out server-key.der 2>/dev/null
openssl pkcs8 -topk8 -in server.key -out server-pkcs8.key -nocrypt
openssl pkcs8 -topk8 -in server.key -out server-encrypted.key -passout pass:secret -v2 aes256
cat server.key server.pem >server-both.pem

key chain
sign chain localhost intermediate DNS:localhost 4
cat chain.pem intermediate.pem >chain-full.pem

for name in one two; do
	key "$name"
	sign "$name" "$name.example" ca "DNS:$name.example" 5
done

# The same name as server, to be told from it by its serial number.
key renewed
sign renewed localhost ca DNS:localhost,IP:127.0.0.1 99

key client
sign client 'Test Client' ca '' 6
key stranger
sign stranger 'Stranger' other-ca '' 7

# -days takes no negative number everywhere; a CA command would. Dates of the past are given to "openssl ca".
key expired
config DNS:localhost >expired.cnf
cat >>expired.cnf <<-end
	[authority]
	database=expired.db
	new_certs_dir=.
	default_md=sha256
	policy=any
	rand_serial=yes
	[any]
	commonName=supplied
	countryName=optional
	organizationName=optional
end
: >expired.db
openssl req -new -key expired.key -out expired.csr -subj "$subject/CN=localhost" -config expired.cnf
openssl ca -batch -notext -config expired.cnf -name authority -cert ca.pem -keyfile ca.key -in expired.csr \
	-out expired.pem -startdate 20200101000000Z -enddate 20210101000000Z -extensions leaf 2>/dev/null

openssl genrsa -out rsa.key 2048 2>/dev/null
sign rsa localhost ca DNS:localhost 8
