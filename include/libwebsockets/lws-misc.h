#ifndef GOLWS_LWS_MISC_H
#define GOLWS_LWS_MISC_H

/** @file
 * Things that belong nowhere else: strings, random numbers, time, lists of buffers, directories, and
 * what can be asked of a connection or a context.
 *
 * Unless a function says otherwise it may be called from any thread, and from several at the same time on different
 * objects; memory that is passed in is read or written during the call and not kept.
 */

/** \defgroup buflist Lists of buffers
 *
 * A buflist holds copies of byte strings, each a segment, until they are used up from the front. The list is a
 * pointer in the program, NULL while it is empty. Each segment has LWS_PRE writable bytes before its first byte. There
 * is no lock: one list is for one thread at a time.
 */
///@{

struct lws_buflist;

/**
 * lws_buflist_append_segment() - put a copy of bytes at the end of a list
 *
 * \param head: the list
 * \param buf: the bytes, not NULL
 * \param len: how many, not 0
 *
 * O(n) in the number of segments. Returns 1 if the list was empty before, 0 if not, -1 if there is no memory or the
 * arguments are wrong (the list is unchanged then).
 */
LWS_VISIBLE LWS_EXTERN int LWS_WARN_UNUSED_RESULT
lws_buflist_append_segment(struct lws_buflist **head, const uint8_t *buf,
			   size_t len);

/**
 * lws_buflist_next_segment_len() - what is left of the first segment
 *
 * \param head: the list
 * \param buf: if not NULL, gets the address of its first unused byte, NULL if the list is empty. It belongs to the list
 *	and is valid until bytes are used
 *
 * Returns the number of unused bytes in the first segment, 0 if the list is empty.
 */
LWS_VISIBLE LWS_EXTERN size_t
lws_buflist_next_segment_len(struct lws_buflist **head, uint8_t **buf);

/**
 * lws_buflist_use_segment() - mark bytes of the first segment as used
 *
 * \param head: the list
 * \param len: how many, at most what lws_buflist_next_segment_len() says; more counts as that
 *
 * A segment whose last byte is used is freed. Returns the number of unused bytes in what is then the first
 * segment, 0 if the list is empty.
 */
LWS_VISIBLE LWS_EXTERN size_t
lws_buflist_use_segment(struct lws_buflist **head, size_t len);

/**
 * lws_buflist_total_len() - sum of the lengths of all segments
 *
 * \param head: the list
 *
 * What is used already of the first segment counts too.
 */
LWS_VISIBLE LWS_EXTERN size_t
lws_buflist_total_len(struct lws_buflist **head);

/**
 * lws_buflist_linear_copy() - copy bytes out of a list and leave it as it is
 *
 * \param head: the list
 * \param ofs: how many bytes to skip, counted from the start of the first segment, used bytes of it included
 * \param buf: gets the bytes
 * \param len: size of \p buf
 *
 * Returns the number of bytes copied: \p len, or less at the end of the list.
 */
LWS_VISIBLE LWS_EXTERN int
lws_buflist_linear_copy(struct lws_buflist **head, size_t ofs, uint8_t *buf,
			size_t len);

/**
 * lws_buflist_linear_use() - move bytes out of a list, across segments
 *
 * \param head: the list
 * \param buf: gets the bytes
 * \param len: size of \p buf
 *
 * Returns the number of bytes moved, less than \p len if the list ran out.
 */
LWS_VISIBLE LWS_EXTERN int
lws_buflist_linear_use(struct lws_buflist **head, uint8_t *buf, size_t len);

/**
 * lws_buflist_fragment_use() - move bytes out of the first segment
 *
 * \param head: the list
 * \param buf: gets the bytes
 * \param len: size of \p buf
 * \param frag_first: if not NULL, set to 1 if the segment's first byte is among them, else 0
 * \param frag_fin: if not NULL, set to 1 if the segment's last byte is among them, else 0
 *
 * Returns the number of bytes moved, never more than the segment has; 0 if the list is empty.
 */
LWS_VISIBLE LWS_EXTERN int
lws_buflist_fragment_use(struct lws_buflist **head, uint8_t *buf,
			 size_t len, char *frag_first, char *frag_fin);

/**
 * lws_buflist_destroy_all_segments() - empty a list
 *
 * \param head: the list; *head is NULL afterwards
 */
LWS_VISIBLE LWS_EXTERN void
lws_buflist_destroy_all_segments(struct lws_buflist **head);

/**
 * lws_buflist_describe() - log the segments of a list at level LLL_NOTICE
 *
 * \param head: the list
 * \param id: a pointer that is logged with it
 * \param reason: a text that is logged with it
 */
LWS_VISIBLE LWS_EXTERN void
lws_buflist_describe(struct lws_buflist **head, void *id, const char *reason);
///@}

/** \defgroup strings Strings and bytes */
///@{

/** How many bytes head is behind tail, as int. */
#define lws_ptr_diff(head, tail) \
	((int)((char *)(head) - (char *)(tail)))

/** How many bytes head is behind tail, as size_t. */
#define lws_ptr_diff_size_t(head, tail) \
	((size_t)(ssize_t)((char *)(head) - (char *)(tail)))

/**
 * lws_snprintf() - snprintf() whose result never exceeds the size
 *
 * \param str: gets the text, NUL-terminated unless \p size is 0
 * \param size: size of \p str
 * \param format: as for printf()
 *
 * Returns the length of the text; \p size if the text did not fit and was cut; 0 if \p size is 0. So
 * p += lws_snprintf(p, end - p, ...) can be repeated without a check: p never passes end, and the end of the
 * memory is p[-1] == 0 if anything was cut.
 */
LWS_VISIBLE LWS_EXTERN int
lws_snprintf(char *str, size_t size, const char *format, ...) LWS_FORMAT(3);

/**
 * lws_strncpy() - copy a string and always terminate it
 *
 * \param dest: gets at most \p size - 1 bytes of the string; all the rest is filled with NULs, at least one
 * \param src: the string
 * \param size: size of \p dest; nothing happens if it is 0
 *
 * Returns \p dest.
 */
LWS_VISIBLE LWS_EXTERN char *
lws_strncpy(char *dest, const char *src, size_t size);

/**
 * lws_strnncpy() - copy a string of known length and always terminate it
 *
 * \param dest: gets the string
 * \param src: the string, need not be NUL-terminated
 * \param size1: its length
 * \param destsize: size of \p dest
 *
 * Copies at most destsize - 1 bytes. The arguments may be evaluated twice.
 */
#define lws_strnncpy(dest, src, size1, destsize) \
	lws_strncpy(dest, src, (size_t)(size1 + 1) < (size_t)(destsize) ? \
			(size_t)(size1 + 1) : (size_t)(destsize))

/**
 * lws_nstrstr() - find bytes in bytes
 *
 * \param buf: where to look, need not be NUL-terminated
 * \param len: its length
 * \param name: what to look for
 * \param nl: its length
 *
 * Returns the first place in \p buf, or NULL. What has length 0 is found at the start.
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_nstrstr(const char *buf, size_t len, const char *name, size_t nl);

/**
 * lws_json_simple_find() - value of the first member with a name, without parsing the JSON
 *
 * \param buf: the JSON, need not be NUL-terminated
 * \param len: its length
 * \param name: the name with its quotes and colon, exactly as it stands in the JSON, e.g. "\"size\":"
 * \param alen: gets the length of the value
 *
 * Finds \p name as text, so at any depth and also inside of strings: for JSON whose form is known. A value in
 * quotes is delivered without them, escapes in it are left as they are. Any other value ends before the next
 * ',', '}' or ']'.
 *
 * Returns where in \p buf the value starts, or NULL if the name is not there or nothing follows it.
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_json_simple_find(const char *buf, size_t len, const char *name, size_t *alen);

/**
 * lws_json_simple_strcmp() - compare the value of lws_json_simple_find() with a string
 *
 * \param buf: the JSON
 * \param len: its length
 * \param name: the name with its quotes and colon
 * \param comp: the string
 *
 * Returns 0 if they are equal, something else if they are not or the name is not there.
 */
LWS_VISIBLE LWS_EXTERN int
lws_json_simple_strcmp(const char *buf, size_t len, const char *name, const char *comp);

/**
 * lws_hex_to_byte_array() - bytes from hex digits
 *
 * \param h: NUL-terminated string of hex digits, either case
 * \param dest: gets the bytes
 * \param max: size of \p dest
 *
 * Returns the number of bytes, or -1 if a character is not a hex digit, their number is odd, or the bytes are
 * more than \p max. Part of \p dest may be written then.
 */
LWS_VISIBLE LWS_EXTERN int
lws_hex_to_byte_array(const char *h, uint8_t *dest, int max);

/**
 * lws_hex_from_byte_array() - lower-case hex digits from bytes
 *
 * \param src: the bytes
 * \param slen: how many
 * \param dest: gets the digits and a NUL
 * \param len: size of \p dest; 2 * slen + 1 holds all, less cuts the digits, with 0 nothing is written
 */
LWS_VISIBLE LWS_EXTERN void
lws_hex_from_byte_array(const uint8_t *src, size_t slen, char *dest, size_t len);

/**
 * lws_hex_random() - random hex digits
 *
 * \param context: the context, or NULL
 * \param dest: gets \p len - 1 digits and a NUL
 * \param len: size of \p dest
 *
 * As random as lws_get_random(). Returns 0, or 1 if there was no randomness or \p len is 0.
 */
LWS_VISIBLE LWS_EXTERN int
lws_hex_random(struct lws_context *context, char *dest, size_t len);

/**
 * lws_timingsafe_bcmp() - compare bytes in a time that does not depend on where they differ
 *
 * \param a: the one
 * \param b: the other
 * \param len: how many bytes of each
 *
 * For secrets. Returns 0 if they are equal, else something else.
 */
LWS_VISIBLE LWS_EXTERN int
lws_timingsafe_bcmp(const void *a, const void *b, uint32_t len);

/**
 * lws_explicit_bzero() - overwrite bytes with zeros even if nobody reads them again
 *
 * \param p: the bytes
 * \param len: how many
 */
LWS_VISIBLE LWS_EXTERN void
lws_explicit_bzero(void *p, size_t len);

/**
 * lws_get_random() - random bytes from the operating system, good enough for keys
 *
 * \param context: the context, or NULL
 * \param buf: gets the bytes
 * \param len: how many
 *
 * Returns \p len, or 0 if the operating system gave none.
 */
LWS_VISIBLE LWS_EXTERN size_t
lws_get_random(struct lws_context *context, void *buf, size_t len);

/**
 * One unit of lws_humanize(). A table of them is sorted from large to small; after the unit with factor 1, an entry whose
 * name is NULL ends it.
 */
typedef struct lws_humanize_unit {
	const char *name;	/**< what stands behind the number */
	uint64_t factor;	/**< how much one of it is */
} lws_humanize_unit_t;

/** Powers of 1024: "Pi" to "Ki" and "". */
LWS_VISIBLE extern const lws_humanize_unit_t humanize_schema_si[7];
/** Powers of 1024 with "B": "PiB" to "KiB" and "B". */
LWS_VISIBLE extern const lws_humanize_unit_t humanize_schema_si_bytes[7];
/** A number of microseconds: "y", "d", "hr", "min", "s", "ms" and the micro sign with "s". */
LWS_VISIBLE extern const lws_humanize_unit_t humanize_schema_us[8];

/**
 * lws_humanize() - a number as people read it
 *
 * \param buf: gets the text, NUL-terminated; 32 bytes are enough for the tables here
 * \param len: size of \p buf; a longer text is cut
 * \param value: the number
 * \param schema: table of units
 *
 * The largest unit that goes into the number at least once is taken, with three decimals (cut, not rounded) unless
 * its factor is 1: 1536 is "1.500Ki" with humanize_schema_si.
 *
 * Returns the length of the text.
 */
LWS_VISIBLE LWS_EXTERN int
lws_humanize(char *buf, size_t len, uint64_t value,
	     const lws_humanize_unit_t *schema);

/**
 * lws_ser_wu16be() - store 16 bits, most significant byte first
 *
 * \param b: gets 2 bytes; need not be aligned
 * \param u: the number
 *
 * Callable from any thread.
 */
LWS_VISIBLE LWS_EXTERN void
lws_ser_wu16be(uint8_t *b, uint16_t u);

/**
 * lws_ser_wu32be() - store 32 bits, most significant byte first
 *
 * \param b: gets 4 bytes; need not be aligned
 * \param u32: the number
 *
 * Callable from any thread.
 */
LWS_VISIBLE LWS_EXTERN void
lws_ser_wu32be(uint8_t *b, uint32_t u32);

/**
 * lws_ser_wu64be() - store 64 bits, most significant byte first
 *
 * \param b: gets 8 bytes; need not be aligned
 * \param u64: the number
 *
 * Callable from any thread.
 */
LWS_VISIBLE LWS_EXTERN void
lws_ser_wu64be(uint8_t *b, uint64_t u64);

/**
 * lws_ser_ru16be() - read 16 bits, most significant byte first
 *
 * \param b: 2 bytes; need not be aligned
 *
 * Returns the number. Callable from any thread.
 */
LWS_VISIBLE LWS_EXTERN uint16_t
lws_ser_ru16be(const uint8_t *b);

/**
 * lws_ser_ru32be() - read 32 bits, most significant byte first
 *
 * \param b: 4 bytes; need not be aligned
 *
 * Returns the number. Callable from any thread.
 */
LWS_VISIBLE LWS_EXTERN uint32_t
lws_ser_ru32be(const uint8_t *b);

/**
 * lws_ser_ru64be() - read 64 bits, most significant byte first
 *
 * \param b: 8 bytes; need not be aligned
 *
 * Returns the number. Callable from any thread.
 */
LWS_VISIBLE LWS_EXTERN uint64_t
lws_ser_ru64be(const uint8_t *b);

/**
 * lws_vbi_encode() - store a number in as many bytes as it needs, 7 bits in each
 *
 * \param value: the number, at most 0xfffffff (28 bits)
 * \param buf: gets 1 to 4 bytes, least significant first; all but the last have bit 7 set (the Variable Byte Integer
 *	of MQTT 5.0, 1.5.5)
 *
 * Returns how many bytes, or -1 if the number is too large.
 */
LWS_VISIBLE LWS_EXTERN int
lws_vbi_encode(uint64_t value, void *buf);

/**
 * lws_vbi_decode() - the number that lws_vbi_encode() stored
 *
 * \param buf: the bytes
 * \param value: gets the number
 * \param len: how many bytes there are
 *
 * Returns how many of them were the number; 0 if it goes on behind the last one, or is longer than 64 bits. \p value is
 * untouched then.
 */
LWS_VISIBLE LWS_EXTERN int
lws_vbi_decode(const void *buf, uint64_t *value, size_t len);

/**
 * lws_parse_uri() - take a URI apart, in place
 *
 * \param p: the URI; NULs are written into it
 * \param prot: gets the scheme, an empty string if there is none
 * \param ads: gets the host, without the brackets of an IPv6 address; if it starts with '+', the name of a unix
 *	socket with the '+'
 * \param port: gets the port if the URI has one, else 80 for http and ws, 443 for https and wss; otherwise it is
 *	untouched, so set it before
 * \param path: gets what follows the first '/' behind the host, without that '/'; "/" if nothing does
 *
 * "https://example.com:8080/a?b" becomes "https", "example.com", 8080 and "a?b". The results point into \p p or to
 * constants. In a unix socket's URI the path starts after the ':' that ends the socket's name:
 * "http://+/run/server.sock:/path".
 *
 * Returns 0.
 */
LWS_VISIBLE LWS_EXTERN int LWS_WARN_UNUSED_RESULT
lws_parse_uri(char *p, const char **prot, const char **ads, int *port,
	      const char **path);
///@}

/** \defgroup cmdline The program's command line */
///@{

/**
 * lws_cmdline_option() - find an option among a program's arguments
 *
 * \param argc: as main() got it
 * \param argv: as main() got it
 * \param val: the option, e.g. "-p" or "--port"
 *
 * Looks for the last argument that starts with \p val. Returns what follows it: of "--port=80" what is behind the '=',
 * of "-p80" what is behind the "-p", of "-p" the argument after it, or "" if there is none. So for an option without a
 * value, only whether the result is NULL counts. Returns NULL if the option is not there, or its
 * value is longer than 1,024 bytes.
 *
 * Note that "-p" finds "-port" too. The result points into \p argv.
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_cmdline_option(int argc, const char **argv, const char *val);

/**
 * lws_cmdline_option_handle_builtin() - act on the options that all lws programs share
 *
 * \param argc: as main() got it
 * \param argv: as main() got it
 * \param info: what the program will create its context with, or NULL
 *
 * -d number: the log levels to enable, a sum of LLL_ bits; without it LLL_USER, LLL_ERR, LLL_WARN and LLL_NOTICE are
 * enabled, so lws_set_log_level() takes effect only after this call.
 * --ignore-sigterm: SIGTERM does nothing.
 * --fault-injection and --fault-seed are not supported; that is logged and they are ignored.
 */
LWS_VISIBLE LWS_EXTERN void
lws_cmdline_option_handle_builtin(int argc, const char **argv,
				  struct lws_context_creation_info *info);
///@}

/** \defgroup clock Time */
///@{

/** lws_now_secs() - seconds since 1970, of the clock that people set */
LWS_VISIBLE LWS_EXTERN unsigned long
lws_now_secs(void);

/** lws_now_usecs() - microseconds of CLOCK_MONOTONIC: only differences mean something */
LWS_VISIBLE LWS_EXTERN lws_usec_t
lws_now_usecs(void);
///@}

/**
 * lws_get_library_version() - version of the library, as text
 *
 * It starts with the version of the interface, e.g. "4.2.1-". Constant, belongs to the library.
 */
LWS_VISIBLE LWS_EXTERN const char * LWS_WARN_UNUSED_RESULT
lws_get_library_version(void);

/** \defgroup accessors What a connection knows
 *
 * Except where said, these cost no more than reading a field. A connection that is gone already, or a NULL, gives 0 or
 * NULL and a line in the log.
 */
///@{

/**
 * lws_wsi_user() - the per-session data of a connection
 *
 * \param wsi: the connection
 *
 * Returns what callbacks of the connection get as user: memory of per_session_data_size bytes of its protocol,
 * zeroed when the protocol was bound, freed when the connection ends; or what lws_set_wsi_user() set; NULL if there is
 * neither.
 */
LWS_VISIBLE LWS_EXTERN void *
lws_wsi_user(struct lws *wsi);

/**
 * lws_wsi_tsi() - index of the service thread of a connection
 *
 * \param wsi: the connection
 *
 * Returns it, from 0 to lws_get_count_threads() - 1; 0 for an unusable wsi. Never waits.
 */
LWS_VISIBLE LWS_EXTERN int
lws_wsi_tsi(struct lws *wsi);

/**
 * lws_get_tsi() - another name of lws_wsi_tsi()
 *
 * \param wsi: the connection
 *
 * Returns it. Never waits.
 */
LWS_VISIBLE LWS_EXTERN int
lws_get_tsi(struct lws *wsi);

/**
 * lws_set_wsi_user() - give a connection per-session data of the program's own
 *
 * \param wsi: the connection
 * \param user: the data; the library never frees it
 *
 * Per-session data that the library allocated before is freed.
 */
LWS_VISIBLE LWS_EXTERN void
lws_set_wsi_user(struct lws *wsi, void *user);

/**
 * lws_get_context() - the context of a connection
 *
 * \param wsi: the connection
 *
 * Returns it, NULL for an unusable wsi. Never waits.
 */
LWS_VISIBLE LWS_EXTERN struct lws_context * LWS_WARN_UNUSED_RESULT
lws_get_context(const struct lws *wsi);

/**
 * lws_get_vhost_listen_port() - the port that a vhost listens on
 *
 * \param vhost: the vhost
 *
 * Where the creation info said 0, the port that the system chose.
 */
LWS_VISIBLE LWS_EXTERN int LWS_WARN_UNUSED_RESULT
lws_get_vhost_listen_port(struct lws_vhost *vhost);

/**
 * lws_get_count_threads() - the number of service threads of a context
 *
 * \param context: the context
 *
 * Returns count_threads of the creation info, limited to what there may be, at least 1; 0 for an unusable context.
 * Never waits.
 */
LWS_VISIBLE LWS_EXTERN int LWS_WARN_UNUSED_RESULT
lws_get_count_threads(struct lws_context *context);

/**
 * lws_get_parent() - the connection that a connection was adopted or made as child of
 *
 * \param wsi: the connection
 *
 * Returns it, valid as any handle; NULL if there is none. What carries a stream of HTTP/2 is no parent of it, see
 * lws_get_network_wsi().
 */
LWS_VISIBLE LWS_EXTERN struct lws * LWS_WARN_UNUSED_RESULT
lws_get_parent(const struct lws *wsi);

/**
 * lws_get_child() - the newest child of a connection
 *
 * \param wsi: the connection
 *
 * Returns it, valid as any handle; NULL if there is none. Streams of HTTP/2 are not counted.
 */
LWS_VISIBLE LWS_EXTERN struct lws * LWS_WARN_UNUSED_RESULT
lws_get_child(const struct lws *wsi);

/**
 * lws_get_effective_uid_gid() - user and group that a context changes to when it drops privileges
 *
 * \param context: the context
 * \param uid: gets uid of the creation info, or the one that its username names
 * \param gid: gets gid of the creation info, or the one that its groupname names
 */
LWS_VISIBLE LWS_EXTERN void
lws_get_effective_uid_gid(struct lws_context *context, uid_t *uid, gid_t *gid);

/**
 * lws_get_opaque_parent_data() - what lws_set_opaque_parent_data() set
 *
 * \param wsi: the child
 *
 * Returns it, NULL before. Never waits.
 */
LWS_VISIBLE LWS_EXTERN void * LWS_WARN_UNUSED_RESULT
lws_get_opaque_parent_data(const struct lws *wsi);

/**
 * lws_set_opaque_parent_data() - keep a pointer with a child connection, for its parent
 *
 * \param wsi: the child
 * \param data: anything; the library only keeps it
 */
LWS_VISIBLE LWS_EXTERN void
lws_set_opaque_parent_data(struct lws *wsi, void *data);

/**
 * lws_get_opaque_user_data() - what lws_set_opaque_user_data() set
 *
 * \param wsi: the connection
 *
 * Returns that, or what its creation said; NULL before. Never waits.
 */
LWS_VISIBLE LWS_EXTERN void * LWS_WARN_UNUSED_RESULT
lws_get_opaque_user_data(const struct lws *wsi);

/**
 * lws_set_opaque_user_data() - keep a pointer with a connection, beside its per-session data
 *
 * \param wsi: the connection
 * \param data: anything; the library only keeps it
 */
LWS_VISIBLE LWS_EXTERN void
lws_set_opaque_user_data(struct lws *wsi, void *data);

/**
 * lws_get_child_pending_on_writable() - has a child of the connection asked for a WRITEABLE callback
 *
 * \param wsi: the parent
 *
 * Returns nonzero if so, since lws_clear_child_pending_on_writable() was called last.
 */
LWS_VISIBLE LWS_EXTERN int LWS_WARN_UNUSED_RESULT
lws_get_child_pending_on_writable(const struct lws *wsi);

/**
 * lws_clear_child_pending_on_writable() - forget what lws_get_child_pending_on_writable() tells
 *
 * \param wsi: the parent
 */
LWS_VISIBLE LWS_EXTERN void
lws_clear_child_pending_on_writable(struct lws *wsi);

/**
 * lws_get_close_length() - length of the payload of the close frame that the peer sent
 *
 * \param wsi: a WebSocket connection, in LWS_CALLBACK_WS_PEER_INITIATED_CLOSE or LWS_CALLBACK_CLOSED
 *
 * 0 if it sent none; otherwise two bytes of status code and up to 123 of reason (RFC 6455, 5.5.1). Before the peer's
 * close frame has come: that of what lws_close_reason() chose.
 */
LWS_VISIBLE LWS_EXTERN int
lws_get_close_length(struct lws *wsi);

/**
 * lws_get_close_payload() - payload of the close frame that the peer sent
 *
 * \param wsi: the connection
 *
 * Returns its first byte; it belongs to the library and is valid until the thread calls this or
 * lws_get_close_length() again. A NUL follows.
 */
LWS_VISIBLE LWS_EXTERN unsigned char *
lws_get_close_payload(struct lws *wsi);

/**
 * lws_get_network_wsi() - the connection that has the socket
 *
 * \param wsi: the connection
 *
 * Returns \p wsi itself, unless it is a stream inside of another connection (HTTP/2): then that other. It lives longer
 * than its streams. Any thread, never waits.
 */
LWS_VISIBLE LWS_EXTERN struct lws *
lws_get_network_wsi(struct lws *wsi);

/**
 * lws_is_ssl() - is a connection encrypted
 *
 * \param wsi: the connection
 *
 * Returns nonzero if so.
 */
LWS_VISIBLE LWS_EXTERN int
lws_is_ssl(struct lws *wsi);

/**
 * lws_remaining_packet_payload() - how much of the present message frame is still to come
 *
 * \param wsi: a WebSocket connection, in its RECEIVE callback
 *
 * Returns the number of payload bytes of the present frame that were not delivered so far, those of this callback not
 * counted: 0 in the last callback of a frame. lws_is_final_fragment() tells whether the message ends here.
 */
LWS_VISIBLE LWS_EXTERN size_t
lws_remaining_packet_payload(struct lws *wsi);

/**
 * lws_set_allocator() - replace the allocator for what the C side of the library allocates
 *
 * \param realloc: works like realloc(), and like free() (returning NULL) when size is 0; reason is a constant text
 *	that says what the memory is for; NULL restores the library's own
 *
 * Call it before anything else of the library, and only once: memory from one allocator must not be freed with
 * another. It is called from several threads. The engine's own heap does not come from here.
 */
LWS_VISIBLE LWS_EXTERN void
lws_set_allocator(void *(*realloc)(void *ptr, size_t size, const char *reason));
///@}

/** \defgroup rxflow Flow control of what is received */
///@{

enum {
	/*
	 * Each reason to stop receiving has a bit; the connection receives while none is set. Programs use
	 * lws_rx_flow_control() with 0 or 1, which concerns the first.
	 */
	LWS_RXFLOW_REASON_USER_BOOL		= (1 << 0),
	LWS_RXFLOW_REASON_HTTP_RXBUFFER		= (1 << 6),
	LWS_RXFLOW_REASON_H2_PPS_PENDING	= (1 << 7),

	LWS_RXFLOW_REASON_APPLIES		= (1 << 14),
	LWS_RXFLOW_REASON_APPLIES_ENABLE_BIT	= (1 << 13),
	LWS_RXFLOW_REASON_APPLIES_ENABLE	= LWS_RXFLOW_REASON_APPLIES |
						  LWS_RXFLOW_REASON_APPLIES_ENABLE_BIT,
	LWS_RXFLOW_REASON_APPLIES_DISABLE	= LWS_RXFLOW_REASON_APPLIES,
	LWS_RXFLOW_REASON_FLAG_PROCESS_NOW	= (1 << 12),
};

/**
 * lws_rx_flow_control() - stop or resume receiving on a connection
 *
 * \param wsi: the connection
 * \param enable: 0 stops, 1 resumes. Or, for separate reasons: LWS_RXFLOW_REASON_APPLIES_DISABLE or
 *	LWS_RXFLOW_REASON_APPLIES_ENABLE, or-ed with the bits (0 to 7) of the reasons. It receives while no reason is set
 *
 * While it is stopped there are no callbacks with received data, and the kernel's buffer fills until the peer must
 * wait. What the library has read already is kept and delivered after resuming. May be called from any
 * thread.
 *
 * Returns 0, or nonzero if the connection is gone.
 */
LWS_VISIBLE LWS_EXTERN int
lws_rx_flow_control(struct lws *wsi, int enable);

/**
 * lws_rx_flow_allow_all_protocol() - resume receiving on all connections of a protocol
 *
 * \param context: the context
 * \param protocol: the protocol
 *
 * For what lws_rx_flow_control(wsi, 0) stopped, on all vhosts.
 */
LWS_VISIBLE LWS_EXTERN void
lws_rx_flow_allow_all_protocol(const struct lws_context *context,
			       const struct lws_protocols *protocol);
///@}

#if defined(LWS_WITH_DIR)
/** \defgroup dir Directories */
///@{

/** What an entry of a directory is. */
typedef enum {
	LDOT_UNKNOWN,
	LDOT_FILE,
	LDOT_DIR,
	LDOT_LINK,
	LDOT_FIFO,
	LDOTT_SOCKET,
	LDOT_CHAR,
	LDOT_BLOCK
} lws_dir_obj_type_t;

/** An entry of a directory, as lws_dir() passes it. */
struct lws_dir_entry {
	const char *name;		/**< its name, without a path */
	lws_dir_obj_type_t type;	/**< a symbolic link is LDOT_LINK whatever it points to */
};

/**
 * What lws_dir() calls for an entry. dirpath and user are those of the call; lde is valid during the call. Nonzero ends
 * the listing.
 */
typedef int
lws_dir_callback_function(const char *dirpath, void *user,
			  struct lws_dir_entry *lde);

/**
 * lws_dir() - call a function for each entry of a directory, sorted by name
 *
 * \param dirpath: the directory
 * \param user: passed through to the function
 * \param cb: the function
 *
 * "." and "..", and all names that contain a '~', are left out. The function may remove what it is called for, and may
 * call lws_dir().
 *
 * Returns 0 if the function ended the listing, 1 after the last entry and if the directory cannot be read (which
 * is logged).
 */
LWS_VISIBLE LWS_EXTERN int
lws_dir(const char *dirpath, void *user, lws_dir_callback_function cb);

/**
 * lws_dir_rm_rf_cb() - function for lws_dir() that removes everything below the directory
 *
 * \param dirpath: the directory
 * \param user: not used
 * \param lde: the entry
 *
 * A symbolic link is removed, what it points to is not. The directory itself remains, also if lws_dir() is
 * not called with it by the program. Names with a '~' are not seen and remain. Returns 0 always; what cannot be
 * removed is logged.
 */
LWS_VISIBLE LWS_EXTERN int
lws_dir_rm_rf_cb(const char *dirpath, void *user, struct lws_dir_entry *lde);

/**
 * What lws_dir_glob_cb() calls: data is the user of struct lws_dir_glob, path the directory and name of a match. The
 * result does not matter.
 */
typedef int (*lws_dir_glob_cb_t)(void *data, const char *path);

/** User pointer of lws_dir() for lws_dir_glob_cb(). */
typedef struct lws_dir_glob {
	const char		*filter; /**< e.g. "*.txt"; one '*' stands for any text */
	lws_dir_glob_cb_t	cb;	/**< called for each match */
	void			*user;	/**< passed to it */
} lws_dir_glob_t;

/**
 * lws_dir_glob_cb() - function for lws_dir() that finds names by a pattern
 *
 * \param dirpath: the directory
 * \param user: a lws_dir_glob_t
 * \param lde: the entry
 *
 * Directories are left out. Returns 0 always.
 */
LWS_VISIBLE LWS_EXTERN int
lws_dir_glob_cb(const char *dirpath, void *user, struct lws_dir_entry *lde);
///@}
#endif

/**
 * lws_get_allocated_heap() - bytes that the library's own allocator has handed out, 0 with another
 *
 * See lws_set_allocator().
 */
LWS_VISIBLE LWS_EXTERN size_t
lws_get_allocated_heap(void);

/**
 * lws_open() - open(2) with close-on-exec
 *
 * \param __file: the file
 * \param __oflag: as for open(); with O_CREAT or O_TMPFILE a mode follows
 *
 * Returns the file descriptor or -1, with errno set.
 */
LWS_VISIBLE LWS_EXTERN int
lws_open(const char *__file, int __oflag, ...);

/**
 * lws_daemonize() - go on in the background
 *
 * \param _lock_path: file that holds the process id of the child, and is removed when SIGTERM ends it; NULL: none
 *
 * The process forks. What returns is the child: a session leader without terminal, in /tmp, with umask 0, its standard
 * files open on /dev/null, ignoring SIGHUP and the stop signals of terminals. The parent exits with status 0 when the
 * child is so far, otherwise with another. Where the file exists and its process too, a message goes to stderr and the
 * process exits with status 1.
 *
 * Call it before the first context is created.
 *
 * Returns 0, in the child; 1, in the process that called it, without memory.
 */
LWS_VISIBLE LWS_EXTERN int LWS_WARN_UNUSED_RESULT
lws_daemonize(const char *_lock_path);

/**
 * lws_get_ssl() - OpenSSL's object of a connection
 *
 * \param wsi: the connection
 *
 * The library has its own TLS, so there is never one. lws_is_ssl() tells whether a connection has TLS,
 * lws_tls_peer_cert_info() about the peer's certificate, and lws_get_socket_fd() gives the socket. The first call for a
 * connection says so in the log, as a notice. Callable from any thread.
 *
 * Returns NULL, for connections with TLS too.
 */
LWS_VISIBLE LWS_EXTERN SSL *
lws_get_ssl(struct lws *wsi);

struct lws_udp;

/**
 * lws_get_udp() - addresses of a UDP connection
 *
 * \param wsi: the connection, in a callback of it
 *
 * Returns them: the one that the datagram in the present callback came from, and the one that lws_write() sends to.
 * They belong to the library and are valid as long as the connection. NULL for what is not UDP.
 */
LWS_VISIBLE LWS_EXTERN const struct lws_udp * LWS_WARN_UNUSED_RESULT
lws_get_udp(const struct lws *wsi);

/**
 * lws_is_cgi() - whether a connection is served by a CGI process
 *
 * \param wsi: the connection
 *
 * Returns nonzero if so. Never waits.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_is_cgi(struct lws *wsi);

/** A wireless network that was found by a scan. */
struct lws_wifi_scan {
	struct lws_wifi_scan	*next;		/**< the next one, NULL at the end */
	char			ssid[32];	/**< its name, cut to 31 bytes, NUL-terminated */
	int32_t			rssi;		/**< sum of the signal strengths, dBm */
	uint8_t			bssid[6];	/**< address of the access point */
	uint8_t			count;		/**< how many are summed in rssi */
	uint8_t			channel;	/**< channel */
	uint8_t			authmode;	/**< way of authentication, as the driver numbers them */
};

#if defined(LWS_WITH_SPAWN)
/** \defgroup spawn Processes whose standard files are connections */
///@{

/** A process that lws_spawn_piped() has started. */
struct lws_spawn_piped;
struct lws_role_ops;

#if defined(_WIN32) || \
	(defined(__STRICT_ANSI__) && !defined(_POSIX_C_SOURCE) && !defined(_POSIX_SOURCE) && \
	 !defined(_XOPEN_SOURCE) && !defined(_DEFAULT_SOURCE) && !defined(_GNU_SOURCE))
/* What ISO C alone and Windows have of <signal.h> is without siginfo_t. */
typedef void (*lsp_cb_t)(void *opaque, lws_usec_t *accounting, void *si,
			 int we_killed_him);
#else
/**
 * lsp_cb_t - called on the service thread when a process has ended
 *
 * opaque is that of struct lws_spawn_piped_info. accounting has four times in microseconds: system time and user time
 * of ended children, then those of this process, as times(2) has them. si is how it ended, see waitid(2).
 * we_killed_him is nonzero if it was killed by lws_spawn_piped_kill_child_process() or the time limit. All is valid
 * during the call.
 */
typedef void (*lsp_cb_t)(void *opaque, lws_usec_t *accounting, siginfo_t *si,
			 int we_killed_him);
#endif

/** How lws_spawn_piped() starts a process. Zero what is not needed. The texts are used during the call only. */
struct lws_spawn_piped_info {
	struct lws_dll2_owner		*owner;		/**< list that the process joins, or NULL */
	struct lws_vhost		*vh;		/**< vhost of its connections, unless opt_parent is given */
	struct lws			*opt_parent;	/**< parent of its connections, or NULL */

	const char * const		*exec_array;	/**< program and arguments, ending with NULL */
	const char			**env_array;	/**< environment, ending with NULL */
	const char			*protocol_name;	/**< protocol of its connections; NULL: the vhost's first */
	const char			*chroot_path;	/**< root directory of the process; NULL: as it is */
	const char			*wd;		/**< its working directory; NULL: /tmp */

	struct lws_spawn_piped		**plsp;		/**< set to NULL when the process is gone; NULL: none */

	void				*opaque;	/**< for reap_cb */

	lsp_cb_t			reap_cb;	/**< called when the process has ended, or NULL */

	lws_usec_t			timeout_us;	/**< it is killed after so many microseconds; 0: never */
	int				max_log_lines;	/**< limit of logged lines of its stderr */
	int				tsi;		/**< their service thread, unless opt_parent is given */

	const struct lws_role_ops	*ops;		/**< NULL */

	uint8_t				disable_ctrlc;	/**< Windows: it does not get Ctrl-C */
};

/**
 * lws_spawn_piped() - start a process whose standard files are connections
 *
 * \param lspi: how
 *
 * Standard input, output and error of the process become three connections of the given protocol, with
 * LWS_CALLBACK_RAW_RX_FILE and so on. Their lws_get_opaque_user_data() is the returned object. Waits for the service
 * thread, not for the process.
 *
 * Returns the process, which is the library's and is gone when reap_cb returns; NULL for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN struct lws_spawn_piped *
lws_spawn_piped(const struct lws_spawn_piped_info *lspi);

/**
 * lws_spawn_piped_kill_child_process() - kill a process
 *
 * \param lsp: the process
 *
 * Sends SIGTERM, later SIGKILL, to it and its process group. reap_cb follows.
 *
 * Returns 0 if a signal was sent, nonzero if there is no process any more.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_spawn_piped_kill_child_process(struct lws_spawn_piped *lsp);

/**
 * lws_spawn_stdwsi_closed() - tell that one of the connections of a process is closed
 *
 * \param lsp: the process
 * \param wsi: the connection, in its LWS_CALLBACK_RAW_CLOSE_FILE
 *
 * The callback of the protocol has to call it; after the third the process is waited for.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_spawn_stdwsi_closed(struct lws_spawn_piped *lsp, struct lws *wsi);

/**
 * lws_spawn_get_stdfd() - which standard file of its process a connection is
 *
 * \param wsi: the connection
 *
 * Returns 0 for standard input, 1 for output, 2 for error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_spawn_get_stdfd(struct lws *wsi);
///@}
#endif

/** Directories put one on top of the other by overlayfs. */
struct lws_fsmount {
	const char	*layers_path;	/**< directory of the layers, which are in DISTRO/LAYER below it */
	const char	*overlay_path;	/**< directory of changes: they are in overlays/OVNAME/session below it */

	char		mp[256];	/**< where to mount, an empty directory */
	char		ovname[64];	/**< name of this mount */
	char		distro[64];	/**< name of the set of layers */

	const char	*layers[4];	/**< names of layers, the lowest first; NULL: not used */
};

/**
 * lws_fsmount_mount() - mount layers
 *
 * \param fsm: what to mount, and where; needed again for lws_fsmount_unmount()
 *
 * Returns 0, nonzero for an error.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_fsmount_mount(struct lws_fsmount *fsm);

/**
 * lws_fsmount_unmount() - unmount layers
 *
 * \param fsm: as mounted
 *
 * The changes stay. Returns 0, nonzero for an error.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_fsmount_unmount(struct lws_fsmount *fsm);

#endif
