#ifndef GOLWS_LWS_PURIFY_H
#define GOLWS_LWS_PURIFY_H

/** @file
 * Making strings harmless for where they go, and small file helpers. Callable from any thread.
 */

/**
 * lws_sql_purify() - double the single quotes of a string, for an SQL literal
 *
 * \param escaped: gets the text and a NUL; must not overlap \p string
 * \param string: the string
 * \param len: size of \p escaped; what does not fit is left out
 *
 * Parameters of prepared statements are the better way. Returns \p escaped.
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_sql_purify(char *escaped, const char *string, size_t len);

/**
 * lws_sql_purify_len() - length of what lws_sql_purify() makes of a string
 *
 * \param p: the string
 *
 * Returns the length without the NUL.
 */
LWS_VISIBLE LWS_EXTERN int
lws_sql_purify_len(const char *p);

/**
 * lws_json_purify() - escape a string for use between the quotes of JSON (RFC 8259)
 *
 * \param escaped: gets the text and a NUL; must not overlap \p string
 * \param string: the string, UTF-8; NULL counts as empty
 * \param len: size of \p escaped; what does not fit is left out
 * \param in_used: if not NULL, gets how many bytes of \p string were used
 *
 * Tab, newline, carriage return and backslash become a backslash with a character, quotes and other control characters
 * \\u00XX. Returns \p escaped.
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_json_purify(char *escaped, const char *string, int len, int *in_used);

/**
 * lws_json_purify_len() - length of what lws_json_purify() makes of a string
 *
 * \param string: the string
 *
 * Returns the length without the NUL.
 */
LWS_VISIBLE LWS_EXTERN int
lws_json_purify_len(const char *string);

/**
 * lws_filename_purify_inplace() - replace what is dangerous in a file name by '_'
 *
 * \param filename: the name; changed in place, the length stays
 *
 * Replaced are each "..", and ':', '\\', '$' and '%'. A '/' is not.
 */
LWS_VISIBLE LWS_EXTERN void
lws_filename_purify_inplace(char *filename);

/**
 * lws_plat_write_cert() - write a certificate or key to an open file, and to the disk
 *
 * \param vhost: not used
 * \param is_key: not used
 * \param fd: the file; afterwards its position is 0
 * \param buf: the content
 * \param len: its length
 *
 * Returns 0, or 1 if it was not written whole.
 */
LWS_VISIBLE LWS_EXTERN int
lws_plat_write_cert(struct lws_vhost *vhost, int is_key, int fd, void *buf,
		    size_t len);

/**
 * lws_plat_write_file() - write a whole file
 *
 * \param filename: the file; created with mode 0600 if it does not exist, its old content is lost
 * \param buf: the content
 * \param len: its length
 *
 * Returns 0, or 1 if it was not written whole.
 */
LWS_VISIBLE LWS_EXTERN int
lws_plat_write_file(const char *filename, void *buf, size_t len);

/**
 * lws_plat_read_file() - read a file
 *
 * \param filename: the file
 * \param buf: gets the content, without a NUL
 * \param len: size of \p buf; a longer file is read up to there
 *
 * Returns the number of bytes, or -1 if it cannot be opened or read.
 */
LWS_VISIBLE LWS_EXTERN int
lws_plat_read_file(const char *filename, void *buf, size_t len);

/** lws_plat_recommended_rsa_bits() - length of RSA keys that this platform should make */
LWS_VISIBLE LWS_EXTERN int
lws_plat_recommended_rsa_bits(void);

#endif
