#!/usr/bin/env bash
# docs/declarations.awk against a header with every kind of declaration, and docs/status.sh against headers that lie.
#
# usage: declarations_test.sh LIBRARY INCLUDE-DIRECTORY GENERATED-INCLUDE-DIRECTORY
set -eu
library=$1
include=$2
generated=$3
source=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

cat >"$work/sample.h" <<'END'
extern "C" {
/**
 * lws_marked() - what it does
 *
 * \param callback: called
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_marked(struct lws *wsi, int (*callback)(int a), int b /**< in the middle */);
/* Not implemented yet. */
typedef int (*lws_type)(int a);
LWS_VISIBLE LWS_EXTERN int lws_after_type(struct lws *wsi);
/**
 * Not implemented yet.
 * Not in this configuration.
 */
#if defined(X)
LWS_VISIBLE LWS_EXTERN struct lws **lws_both(struct lws *wsi) LWS_FORMAT(2) __attribute__((deprecated));
#endif
/** The phrase Not implemented yet. inside a line says nothing. */
struct lws_s { int a; /**< Not implemented yet. */
	int (*member)(int); };
int lws_after_struct(int a);
/**
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN LWS_FORMAT(2) void (*lws_returns_function(int b))(int a);
/**
 * Not implemented yet.
 */
#define LWS_MACRO \
	lws_in_macro(b); \
	lws_again(c)
static inline int lws_inline(int a) { if (a) { return lws_called(a); } return 0; }
extern const struct lws_protocols *variable;
/**
 * Not in this configuration.
 */
extern const struct lws_protocols array[1];
/** Not implemented yet. */
LWS_EXTERN LWS_VISIBLE int __attribute__((format(printf, 2, 3))) lws_format(int a, const char *f, ...); // Not implemented yet.
enum lws_e { A = LWS_X(3), B };
lws_blob_t *
lws_blob(struct lws_context *context, int idx)
	LWS_WARN_UNUSED_RESULT;
}
END
cat >"$work/expected" <<'END'
lws_marked	Not implemented yet.
lws_after_type	-
lws_both	Not implemented yet. + Not in this configuration.
lws_after_struct	-
lws_returns_function	Not in this configuration.
lws_inline	-
variable	-
array	Not in this configuration.
lws_format	Not implemented yet.
lws_blob	-
END
awk -f "$source/docs/declarations.awk" "$work/sample.h" | cut -f 1,2 >"$work/read"
diff -u "$work/expected" "$work/read" || status=1

# lies <expected complaint> <sed command> <header>
lies() {
	rm -rf "$work/include"
	cp -r "$include" "$work/include"
	sed -i "$2" "$work/include/$3"
	if cmp -s "$include/$3" "$work/include/$3"; then
		echo "FAIL: $3 is as it was after $2"
		status=1
	elif "$source/docs/status.sh" "$library" "$work/include" "$generated" >/dev/null 2>"$work/said"; then
		echo "FAIL: status.sh does not mind: $2"
		status=1
	elif ! grep -qF "$1" "$work/said"; then
		echo "FAIL: $2: expected $1, got:"
		cat "$work/said"
		status=1
	fi
}
if ! "$source/docs/status.sh" "$library" "$include" "$generated" >/dev/null; then
	echo "FAIL: the headers as they are"
	status=1
fi
lies "lws_service: Not implemented yet., expected -" \
	'0,/^ \* lws_service() - /s//&\n * Not implemented yet.\n * /' libwebsockets/lws-service.h
lies "lws_fsmount_mount: Not implemented yet., expected Not in this configuration." \
	'/^ \* lws_fsmount_mount() - /,/^ \*\//s/Not in this configuration\./Not implemented yet./' libwebsockets/lws-misc.h
lies "lws_fsmount_mount: -, expected Not in this configuration." \
	'/^ \* lws_fsmount_mount() - /,/^ \*\//s/Not in this configuration\./Not today./' libwebsockets/lws-misc.h
lies "fops_zip: -, expected one of the two" \
	'/zip archive/,/^extern/s/Not in this configuration\./Not today./' libwebsockets/lws-vfs.h
lies "in the interface, but declared in no header: lws_fsmount_mount" 's/lws_fsmount_mount/another_name/' \
	libwebsockets/lws-misc.h
lies "lws_service_tsi" 's/^lws_service_tsi(/lws_service_tsi_not(/' libwebsockets/lws-service.h
exit $status
