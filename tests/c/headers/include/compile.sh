#!/usr/bin/env bash
# Compiles the public headers as a program in one language would include them, with every warning an error.
#
# usage: compile.sh plain|openssl|dbus|libuv c|c++ STANDARD COMPILER INCLUDE-DIRECTORY...
#
# plain: libwebsockets.h alone, twice, and each header of its directory after it
# openssl: OpenSSL's headers before and after ours, and ours not including them; 77 where they are not installed
# dbus: lws-dbus.h, which libwebsockets.h does not include; 77 where D-Bus's headers are not installed
# libuv: libuv's header before and after ours, which share names of types; 77 where it is not installed
set -u
what=$1
language=$2
standard=$3
compiler=$4
shift 4
options=(-x "$language" "-std=$standard" -Wall -Wextra -Wpedantic -Werror -fsyntax-only)
headers=$(realpath "$1")
for directory; do
	options+=(-I "$(realpath "$directory")")
done

status=0
# compile <name> <options...>: the program is on stdin
compile() {
	local name=$1
	shift
	if ! "$compiler" "${options[@]}" "$@" -; then
		echo "FAIL $compiler -std=$standard: $name" >&2
		status=1
	fi
}

# needs <header> <package> <options...>
needs() {
	local header=$1 package=$2
	shift 2
	if ! echo "#include <$header>" | "$compiler" "${options[@]}" -Wno-error "$@" - 2>/dev/null; then
		echo "SKIP: <$header> is not installed ($package)"
		exit 77
	fi
}

# What makes OpenSSL's types ours: pointers go both ways without a cast.
with_openssl='
SSL *ssl_of(struct lws *wsi);
SSL *ssl_of(struct lws *wsi) { return lws_get_ssl(wsi); }
void same_types(struct lws_genhash_ctx *hash, struct lws_genhmac_ctx *hmac, struct lws_genrsa_ctx *rsa,
	struct lws_genaes_ctx *aes, struct lws_genec_ctx *ec, struct lws_context_creation_info *info);
void same_types(struct lws_genhash_ctx *hash, struct lws_genhmac_ctx *hmac, struct lws_genrsa_ctx *rsa,
	struct lws_genaes_ctx *aes, struct lws_genec_ctx *ec, struct lws_context_creation_info *info)
{
	const EVP_MD *md = hash->evp_type;
	EVP_MD_CTX *md_ctx = hash->mdctx;
	EVP_PKEY *key = hmac->key;
	BIGNUM *bn = rsa->bn[LWS_GENCRYPTO_RSA_KEYEL_N];
	RSA *rsa_key = rsa->rsa;
	EVP_CIPHER_CTX *cipher_ctx = aes->ctx;
	const EVP_CIPHER *cipher = aes->cipher;
	ENGINE *engine = aes->engine;
	EVP_PKEY_CTX *key_ctx = ec->ctx[LDHS_OURS];
	SSL_CTX *ssl_ctx = info->provided_client_ssl_ctx;

	(void)md; (void)md_ctx; (void)key; (void)bn; (void)rsa_key; (void)cipher_ctx; (void)cipher; (void)engine;
	(void)key_ctx; (void)ssl_ctx;
}'

case $what in
plain)
	compile "libwebsockets.h" <<<'#include <libwebsockets.h>'
	compile "libwebsockets.h without OpenSSL's headers" -DLWS_WITHOUT_OPENSSL_HEADERS <<<'#include <libwebsockets.h>
		SSL *ssl_of(struct lws *wsi);
		SSL_CTX *context_of(struct lws_context_creation_info *info);'
	if printf '#include <libwebsockets.h>\nSSL_METHOD *method;\n' |
		"$compiler" "${options[@]}" -DLWS_WITHOUT_OPENSSL_HEADERS - 2>/dev/null; then
		echo "FAIL: LWS_WITHOUT_OPENSSL_HEADERS does not keep them out" >&2
		status=1
	fi
	compile "secure streams by way of a proxy" -DLWS_SS_USE_SSPC <<<'#include <libwebsockets.h>'
	compile "NDEBUG" -DNDEBUG <<<'#include <libwebsockets.h>'

	included=$(echo '#include <libwebsockets.h>' | "$compiler" "${options[@]/-fsyntax-only/-E}" -M -)
	cd "$headers" || exit 1
	{
		echo '#include <libwebsockets.h>'
		find libwebsockets -name '*.h' | sort | grep -v '/lws-dbus\.h$' | while read -r header; do
			case $included in
			*"/$header"*) echo "#include <$header>" ;;
			*) echo "#error libwebsockets.h does not include $header" ;;
			esac
		done
	} | compile "each header a second time"
	;;
openssl)
	needs openssl/ssl.h libssl-dev
	openssl='#include <openssl/ssl.h>
		#include <openssl/evp.h>
		#include <openssl/rsa.h>
		#include <openssl/x509.h>
		#include <openssl/err.h>'
	ours='#include <libwebsockets.h>'
	compile "OpenSSL's headers by ours" <<<"$ours
		$with_openssl"
	compile "OpenSSL's headers first" <<<"$openssl
		$ours
		$with_openssl"
	# Compilers are silent about what a system directory has to do with it.
	links=$(mktemp -d)
	found=$(echo '#include <openssl/ssl.h>' | "$compiler" -x "$language" -M - | grep -oE '/[^ ]*/openssl/ssl\.h' | head -1)
	ln -s "$(dirname "$found")" "$links/openssl"
	compile "OpenSSL's headers first, not from a system directory" -I "$links" <<<"$openssl
		$ours
		$with_openssl"
	rm -r "$links"
	compile "OpenSSL's headers first, ours keeping out of it" -DLWS_WITHOUT_OPENSSL_HEADERS <<<"$openssl
		$ours
		$with_openssl"
	compile "OpenSSL's headers last" <<<"$ours
		$openssl
		$with_openssl"
	compile "OpenSSL's headers last, ours keeping out of it" -DLWS_WITHOUT_OPENSSL_HEADERS <<<"$ours
		$openssl
		$with_openssl"
	;;
dbus)
	flags=$(pkg-config --cflags dbus-1 2>/dev/null) || flags=
	# shellcheck disable=SC2086
	set -- ${flags//-I/-isystem }
	needs dbus/dbus.h libdbus-1-dev "$@"
	compile "lws-dbus.h" "$@" <<<'#include <libwebsockets.h>
		#include <libwebsockets/lws-dbus.h>'
	;;
libuv)
	needs uv.h libuv1-dev
	# Whether libuv is there makes no difference to a layout.
	with_libuv='
uv_loop_t *loop_of(struct lws_context *context);
uv_loop_t *loop_of(struct lws_context *context) { return lws_uv_getloop(context, 0); }
char as_large[sizeof(((struct lws_plugin *)0)->u) == sizeof(uv_lib_t) ? 1 : -1];'
	compile "libuv's header first" <<<"#include <uv.h>
		#include <libwebsockets.h>
		$with_libuv"
	compile "libuv's header last" <<<"#include <libwebsockets.h>
		#include <uv.h>
		$with_libuv"
	;;
esac
exit $status
