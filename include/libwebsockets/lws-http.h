/** @file
 * HTTP for servers: reading requests, making responses, sending files. RFC 9110 and RFC 9112.
 *
 * A response in a callback goes like this, in a buffer of the program:
 *
 *     uint8_t buffer[LWS_PRE + 2048], *start = &buffer[LWS_PRE], *p = start, *end = &buffer[sizeof(buffer) - 1];
 *
 *     if (lws_add_http_common_headers(wsi, HTTP_STATUS_OK, "text/plain", length, &p, end) ||
 *         lws_finalize_write_http_header(wsi, start, &p, end))
 *             return 1;
 *     if (lws_write(wsi, body, length, LWS_WRITE_HTTP_FINAL) != length)
 *             return 1;
 *     return lws_http_transaction_completed(wsi) ? -1 : 0;
 *
 * The functions that add headers write text at *p and advance *p; end is the end of the buffer. Where the
 * text does not fit, with the two bytes that end the headers behind it, they return 1 and leave *p as it was.
 * They allocate and send nothing.
 */
#ifndef GOLWS_LWS_HTTP_H
#define GOLWS_LWS_HTTP_H

/** Bytes that a buffer for response headers should have at least. */
#define LWS_RECOMMENDED_MIN_HEADER_SPACE 2048

/** The part of lws_add_http_header_status()'s code that is the status. */
#define LWSAHH_CODE_MASK ((1 << 16) - 1)
/** Flag for lws_add_http_header_status()'s code: without the Server header. */
#define LWSAHH_FLAG_NO_SERVER_NAME (1 << 30)

/** For lws_add_http_common_headers(): the length of the body is not known. */
#define LWS_ILLEGAL_HTTP_CONTENT_LEN ((lws_filepos_t)-1ll)

/**
 * Statuses (RFC 9110 section 15), under the names that the standard has or had. Where a status is asked for,
 * other numbers from 100 to 999 work too.
 */
enum http_status {
	HTTP_STATUS_CONTINUE = 100,
	HTTP_STATUS_OK = 200,
	HTTP_STATUS_NO_CONTENT = 204,
	HTTP_STATUS_PARTIAL_CONTENT = 206,
	HTTP_STATUS_MOVED_PERMANENTLY = 301,
	HTTP_STATUS_FOUND = 302,
	HTTP_STATUS_SEE_OTHER = 303,
	HTTP_STATUS_NOT_MODIFIED = 304,
	HTTP_STATUS_BAD_REQUEST = 400,
	HTTP_STATUS_UNAUTHORIZED = 401,
	HTTP_STATUS_PAYMENT_REQUIRED = 402,
	HTTP_STATUS_FORBIDDEN = 403,
	HTTP_STATUS_NOT_FOUND = 404,
	HTTP_STATUS_METHOD_NOT_ALLOWED = 405,
	HTTP_STATUS_NOT_ACCEPTABLE = 406,
	HTTP_STATUS_PROXY_AUTH_REQUIRED = 407,
	HTTP_STATUS_REQUEST_TIMEOUT = 408,
	HTTP_STATUS_CONFLICT = 409,
	HTTP_STATUS_GONE = 410,
	HTTP_STATUS_LENGTH_REQUIRED = 411,
	HTTP_STATUS_PRECONDITION_FAILED = 412,
	HTTP_STATUS_REQ_ENTITY_TOO_LARGE = 413,
	HTTP_STATUS_REQ_URI_TOO_LONG = 414,
	HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE = 415,
	HTTP_STATUS_REQ_RANGE_NOT_SATISFIABLE = 416,
	HTTP_STATUS_EXPECTATION_FAILED = 417,
	HTTP_STATUS_INTERNAL_SERVER_ERROR = 500,
	HTTP_STATUS_NOT_IMPLEMENTED = 501,
	HTTP_STATUS_BAD_GATEWAY = 502,
	HTTP_STATUS_SERVICE_UNAVAILABLE = 503,
	HTTP_STATUS_GATEWAY_TIMEOUT = 504,
	HTTP_STATUS_HTTP_VERSION_NOT_SUPPORTED = 505,
};

/**
 * What callbacks get that may change or add text: LWS_CALLBACK_PROCESS_HTML, LWS_CALLBACK_ADD_HEADERS,
 * LWS_CALLBACK_CHECK_ACCESS_RIGHTS.
 */
struct lws_process_html_args {
	/** the text, or where it goes */
	char *p;
	/** its length in bytes */
	int len;
	/** how long it may become; for CHECK_ACCESS_RIGHTS the mount's access bits */
	int max_len;
	/**
	 * 1: the last piece of the file; for CHECK_ACCESS_RIGHTS to be set to 1 by a callback that has
	 * answered the request
	 */
	int final;
	/** 1: the response is chunked, and the text has to be put into a chunk: lws_chunked_html_process() does it */
	int chunked;
};

/**
 * lws_process_html_state_cb - gives the value of a variable in a page
 *
 * \param data: lws_process_html_state.data
 * \param index: which of lws_process_html_state.vars it is
 *
 * Returns the text to put in its place, which has to be valid until lws_chunked_html_process() returns; NULL
 * gives "NULL".
 */
typedef const char *(*lws_process_html_state_cb)(void *data, int index);

/** The state of filling in a page, from piece to piece. Zero it, then set data, vars, count_vars and replace. */
struct lws_process_html_state {
	/** of use inside lws_chunked_html_process() */
	char *start;
	/** a variable's name that the end of the last piece cut; of use inside */
	char swallow[16];
	/** how many bytes of it there are; of use inside */
	int pos;
	/** passed to replace */
	void *data;
	/** the variables: each begins with $ and is at most 14 bytes long */
	const char *const *vars;
	/** how many there are */
	int count_vars;
	/** gives their values */
	lws_process_html_state_cb replace;
};

/** A piece of text with its length. */
struct lws_tokens {
	/** where it begins, not ended by a NUL */
	unsigned char *token;
	/** how many bytes */
	int len;
};

/**
 * The headers that requests and responses are made of, and what is stored like a header. Values without a
 * text of their own are the header of that name: WSI_TOKEN_HTTP_IF_NONE_MATCH is If-None-Match.
 * lws_token_to_string() gives the text of each.
 */
enum lws_token_indexes {
	/** the path of a GET request */
	WSI_TOKEN_GET_URI = 0,
	/** the path of a POST request */
	WSI_TOKEN_POST_URI = 1,
	/** the path of an OPTIONS request */
	WSI_TOKEN_OPTIONS_URI = 2,
	WSI_TOKEN_HOST = 3,
	WSI_TOKEN_CONNECTION = 4,
	WSI_TOKEN_UPGRADE = 5,
	WSI_TOKEN_ORIGIN = 6,
	/** Sec-WebSocket-Draft */
	WSI_TOKEN_DRAFT = 7,
	/** the empty line that ends the headers */
	WSI_TOKEN_CHALLENGE = 8,
	/** Sec-WebSocket-Extensions */
	WSI_TOKEN_EXTENSIONS = 9,
	/** Sec-WebSocket-Key1, of drafts before RFC 6455 */
	WSI_TOKEN_KEY1 = 10,
	/** Sec-WebSocket-Key2, of drafts before RFC 6455 */
	WSI_TOKEN_KEY2 = 11,
	/** Sec-WebSocket-Protocol */
	WSI_TOKEN_PROTOCOL = 12,
	/** Sec-WebSocket-Accept */
	WSI_TOKEN_ACCEPT = 13,
	/** Sec-WebSocket-Nonce */
	WSI_TOKEN_NONCE = 14,
	/** the version of an HTTP/1.1 message */
	WSI_TOKEN_HTTP = 15,
	WSI_TOKEN_HTTP2_SETTINGS = 16,
	/** Accept */
	WSI_TOKEN_HTTP_ACCEPT = 17,
	/** Access-Control-Request-Headers */
	WSI_TOKEN_HTTP_AC_REQUEST_HEADERS = 18,
	WSI_TOKEN_HTTP_IF_MODIFIED_SINCE = 19,
	WSI_TOKEN_HTTP_IF_NONE_MATCH = 20,
	WSI_TOKEN_HTTP_ACCEPT_ENCODING = 21,
	WSI_TOKEN_HTTP_ACCEPT_LANGUAGE = 22,
	WSI_TOKEN_HTTP_PRAGMA = 23,
	WSI_TOKEN_HTTP_CACHE_CONTROL = 24,
	WSI_TOKEN_HTTP_AUTHORIZATION = 25,
	/** Cookie; see lws_http_cookie_get() */
	WSI_TOKEN_HTTP_COOKIE = 26,
	WSI_TOKEN_HTTP_CONTENT_LENGTH = 27,
	WSI_TOKEN_HTTP_CONTENT_TYPE = 28,
	WSI_TOKEN_HTTP_DATE = 29,
	WSI_TOKEN_HTTP_RANGE = 30,
	WSI_TOKEN_HTTP_REFERER = 31,
	/** Sec-WebSocket-Key */
	WSI_TOKEN_KEY = 32,
	/** Sec-WebSocket-Version */
	WSI_TOKEN_VERSION = 33,
	/** Sec-WebSocket-Origin */
	WSI_TOKEN_SWORIGIN = 34,
	/** the pseudo-header :authority of HTTP/2 */
	WSI_TOKEN_HTTP_COLON_AUTHORITY = 35,
	/** the pseudo-header :method of HTTP/2 */
	WSI_TOKEN_HTTP_COLON_METHOD = 36,
	/** the pseudo-header :path of HTTP/2 */
	WSI_TOKEN_HTTP_COLON_PATH = 37,
	/** the pseudo-header :scheme of HTTP/2 */
	WSI_TOKEN_HTTP_COLON_SCHEME = 38,
	/** the pseudo-header :status of HTTP/2 */
	WSI_TOKEN_HTTP_COLON_STATUS = 39,
	WSI_TOKEN_HTTP_ACCEPT_CHARSET = 40,
	WSI_TOKEN_HTTP_ACCEPT_RANGES = 41,
	WSI_TOKEN_HTTP_ACCESS_CONTROL_ALLOW_ORIGIN = 42,
	WSI_TOKEN_HTTP_AGE = 43,
	WSI_TOKEN_HTTP_ALLOW = 44,
	WSI_TOKEN_HTTP_CONTENT_DISPOSITION = 45,
	WSI_TOKEN_HTTP_CONTENT_ENCODING = 46,
	WSI_TOKEN_HTTP_CONTENT_LANGUAGE = 47,
	WSI_TOKEN_HTTP_CONTENT_LOCATION = 48,
	WSI_TOKEN_HTTP_CONTENT_RANGE = 49,
	WSI_TOKEN_HTTP_ETAG = 50,
	WSI_TOKEN_HTTP_EXPECT = 51,
	WSI_TOKEN_HTTP_EXPIRES = 52,
	WSI_TOKEN_HTTP_FROM = 53,
	WSI_TOKEN_HTTP_IF_MATCH = 54,
	WSI_TOKEN_HTTP_IF_RANGE = 55,
	WSI_TOKEN_HTTP_IF_UNMODIFIED_SINCE = 56,
	WSI_TOKEN_HTTP_LAST_MODIFIED = 57,
	WSI_TOKEN_HTTP_LINK = 58,
	WSI_TOKEN_HTTP_LOCATION = 59,
	WSI_TOKEN_HTTP_MAX_FORWARDS = 60,
	WSI_TOKEN_HTTP_PROXY_AUTHENTICATE = 61,
	WSI_TOKEN_HTTP_PROXY_AUTHORIZATION = 62,
	WSI_TOKEN_HTTP_REFRESH = 63,
	WSI_TOKEN_HTTP_RETRY_AFTER = 64,
	WSI_TOKEN_HTTP_SERVER = 65,
	WSI_TOKEN_HTTP_SET_COOKIE = 66,
	WSI_TOKEN_HTTP_STRICT_TRANSPORT_SECURITY = 67,
	WSI_TOKEN_HTTP_TRANSFER_ENCODING = 68,
	WSI_TOKEN_HTTP_USER_AGENT = 69,
	WSI_TOKEN_HTTP_VARY = 70,
	WSI_TOKEN_HTTP_VIA = 71,
	WSI_TOKEN_HTTP_WWW_AUTHENTICATE = 72,
	/** the path of a PATCH request */
	WSI_TOKEN_PATCH_URI = 73,
	/** the path of a PUT request */
	WSI_TOKEN_PUT_URI = 74,
	/** the path of a DELETE request */
	WSI_TOKEN_DELETE_URI = 75,
	/**
	 * the query of the request's URL, one fragment "name=value" for each argument, URL-decoded; see
	 * lws_get_urlarg_by_name_safe()
	 */
	WSI_TOKEN_HTTP_URI_ARGS = 76,
	/** the path of a PROXY request */
	WSI_TOKEN_PROXY = 77,
	/** X-Real-IP */
	WSI_TOKEN_HTTP_X_REAL_IP = 78,
	/** the version of an HTTP/1.0 message */
	WSI_TOKEN_HTTP1_0 = 79,
	/** X-Forwarded-For */
	WSI_TOKEN_X_FORWARDED_FOR = 80,
	/** the target of a CONNECT request */
	WSI_TOKEN_CONNECT = 81,
	/** the path of a HEAD request */
	WSI_TOKEN_HEAD_URI = 82,
	WSI_TOKEN_TE = 83,
	/** Replay-Nonce (RFC 8555) */
	WSI_TOKEN_REPLAY_NONCE = 84,
	/** the pseudo-header :protocol of HTTP/2 (RFC 8441) */
	WSI_TOKEN_COLON_PROTOCOL = 85,
	/** X-Auth-Token */
	WSI_TOKEN_X_AUTH_TOKEN = 86,
	/** X-Amzn-Dss-Signature */
	WSI_TOKEN_DSS_SIGNATURE = 87,

	/* what clients keep with their connection; nothing a server sees */

	_WSI_TOKEN_CLIENT_SENT_PROTOCOLS = 88,
	_WSI_TOKEN_CLIENT_PEER_ADDRESS = 89,
	_WSI_TOKEN_CLIENT_URI = 90,
	_WSI_TOKEN_CLIENT_HOST = 91,
	_WSI_TOKEN_CLIENT_ORIGIN = 92,
	_WSI_TOKEN_CLIENT_METHOD = 93,
	_WSI_TOKEN_CLIENT_IFACE = 94,
	_WSI_TOKEN_CLIENT_ALPN = 95,

	/** number of the above */
	WSI_TOKEN_COUNT = 96,

	/* states of parsers that share these numbers; no functions take them */

	WSI_TOKEN_NAME_PART = 97,
	WSI_TOKEN_UNKNOWN_VALUE_PART = 98,
	WSI_TOKEN_SKIPPING = 99,
	WSI_TOKEN_SKIPPING_SAW_CR = 100,
	WSI_PARSING_COMPLETE = 101,
	WSI_INIT_TOKEN_MUXURL = 102,
};

/** Limits for single headers of requests, for lws_context_creation_info.token_limits. */
struct lws_token_limits {
	/**
	 * indexed by enum lws_token_indexes: largest length in bytes, longer ones get the request refused; 0:
	 * no limit of its own
	 */
	unsigned short token_limit[WSI_TOKEN_COUNT];
};

/**
 * Settings of HTTP/2 under their names in RFC 9113 section 6.5.2 and RFC 8441, for
 * lws_context_creation_info.http2_settings.
 */
enum lws_h2_settings {
	/** bytes of memory for what the client's header compression refers back to */
	H2SET_HEADER_TABLE_SIZE = 1,
	/** a server has nothing to say about it: changes nothing */
	H2SET_ENABLE_PUSH = 2,
	/** requests that a client may have under way on a connection */
	H2SET_MAX_CONCURRENT_STREAMS = 3,
	/** bytes of a body that a client may send before the program has got any */
	H2SET_INITIAL_WINDOW_SIZE = 4,
	/** bytes of a frame, from 16384 to 16777215 */
	H2SET_MAX_FRAME_SIZE = 5,
	/** bytes of a request's headers, each counted with 32 more */
	H2SET_MAX_HEADER_LIST_SIZE = 6,
	/** not defined by a standard */
	H2SET_RESERVED7 = 7,
	H2SET_ENABLE_CONNECT_PROTOCOL = 8,
	/** one more than the last */
	H2SET_COUNT = 9,
};

/** What lws_http_get_uri_and_method() returns: the method of that name. */
enum {
	LWSHUMETH_GET = 0,
	LWSHUMETH_POST = 1,
	LWSHUMETH_OPTIONS = 2,
	LWSHUMETH_PUT = 3,
	LWSHUMETH_PATCH = 4,
	LWSHUMETH_DELETE = 5,
	LWSHUMETH_CONNECT = 6,
	LWSHUMETH_HEAD = 7,
	/** a path of HTTP/2 whose method is none of these */
	LWSHUMETH_COLON_PATH = 8,
};

/*
 * Reading a request. Its headers are at hand from LWS_CALLBACK_FILTER_HTTP_CONNECTION until the transaction
 * is completed, for a WebSocket handshake until LWS_CALLBACK_ESTABLISHED has returned, or until
 * lws_http_headers_detach(). Outside of that the functions answer as if no header had come. A header that
 * comes several times has several fragments, in order.
 */

/**
 * lws_token_to_string() - the text of a header
 *
 * \param token: the header
 *
 * Returns its name in lower case with a colon, such as "content-type:"; for methods and versions the text
 * that stands in the first line, such as "get "; NULL for what has no text. Constant.
 */
LWS_VISIBLE LWS_EXTERN const unsigned char *
lws_token_to_string(enum lws_token_indexes token);

/**
 * lws_hdr_total_length() - the length of a header
 *
 * \param wsi: the connection
 * \param h: the header
 *
 * Returns the bytes that lws_hdr_copy() would give, without the NUL: all fragments with a separator between
 * two. 0: the request does not have it, or it is empty.
 */
LWS_VISIBLE LWS_EXTERN int
lws_hdr_total_length(struct lws *wsi, enum lws_token_indexes h) LWS_WARN_UNUSED_RESULT;

/**
 * lws_hdr_fragment_length() - the length of one fragment of a header
 *
 * \param wsi: the connection
 * \param h: the header
 * \param frag_idx: which one, from 0
 *
 * Returns its bytes without a NUL, 0 if there is no such fragment.
 */
LWS_VISIBLE LWS_EXTERN int
lws_hdr_fragment_length(struct lws *wsi, enum lws_token_indexes h, int frag_idx) LWS_WARN_UNUSED_RESULT;

/**
 * lws_hdr_copy() - copies a header
 *
 * \param wsi: the connection
 * \param dest: receives the value and a NUL
 * \param len: size of dest in bytes
 * \param h: the header
 *
 * Between fragments stands a comma, a semicolon for cookies, an ampersand for WSI_TOKEN_HTTP_URI_ARGS.
 *
 * Returns the length without the NUL; 0 where the request does not have it: dest is then "". -1 where dest is
 * too small, which the value's length plus one has to fit in: dest is then "".
 */
LWS_VISIBLE LWS_EXTERN int
lws_hdr_copy(struct lws *wsi, char *dest, int len, enum lws_token_indexes h);

/**
 * lws_hdr_copy_fragment() - copies one fragment of a header
 *
 * \param wsi: the connection
 * \param dest: receives the fragment and a NUL
 * \param len: size of dest in bytes
 * \param h: the header
 * \param frag_idx: which one, from 0
 *
 * Returns the length without the NUL, -1 if there is no such fragment or dest is too small.
 */
LWS_VISIBLE LWS_EXTERN int
lws_hdr_copy_fragment(struct lws *wsi, char *dest, int len, enum lws_token_indexes h, int frag_idx);

/**
 * lws_hdr_custom_length() - the length of a header that enum lws_token_indexes does not have
 *
 * \param wsi: the connection
 * \param name: its name in lower case with a colon, such as "x-request-id:"
 * \param nlen: length of name in bytes
 *
 * Returns its bytes without a NUL, -1 if the request does not have it.
 */
LWS_VISIBLE LWS_EXTERN int
lws_hdr_custom_length(struct lws *wsi, const char *name, int nlen);

/**
 * lws_hdr_custom_copy() - copies a header that enum lws_token_indexes does not have
 *
 * \param wsi: the connection
 * \param dst: receives the value and a NUL
 * \param len: size of dst in bytes
 * \param name: its name in lower case with a colon
 * \param nlen: length of name in bytes
 *
 * Returns the length without the NUL, -1 if the request does not have it or dst is too small.
 */
LWS_VISIBLE LWS_EXTERN int
lws_hdr_custom_copy(struct lws *wsi, char *dst, int len, const char *name, int nlen);

/**
 * lws_get_urlarg_by_name_safe() - an argument of the URL's query
 *
 * \param wsi: the connection
 * \param name: the argument's name, with or without a = at its end. Without it, arguments whose names begin
 * with name match too.
 * \param buf: receives the value, URL-decoded, and a NUL
 * \param len: size of buf in bytes; name, = and value have to fit while they are looked at
 *
 * Returns the length of the value without the NUL, -1 if there is no such argument or buf is too small. A
 * value may contain NUL bytes: %00.
 */
LWS_VISIBLE LWS_EXTERN int
lws_get_urlarg_by_name_safe(struct lws *wsi, const char *name, char *buf, int len);

/**
 * lws_get_urlarg_by_name() - an argument of the URL's query, as a string
 *
 * \param wsi: the connection
 * \param name: as for lws_get_urlarg_by_name_safe()
 * \param buf: as for lws_get_urlarg_by_name_safe()
 * \param len: as for lws_get_urlarg_by_name_safe()
 *
 * Returns buf, or NULL where lws_get_urlarg_by_name_safe() returns -1. That function is better: it tells the
 * length.
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_get_urlarg_by_name(struct lws *wsi, const char *name, char *buf, int len);

/**
 * lws_http_cookie_get() - a cookie of the request (RFC 6265)
 *
 * \param wsi: the connection
 * \param name: the cookie's name
 * \param buf: receives the value and a NUL
 * \param max: in: size of buf in bytes; out: length of the value without the NUL
 *
 * Returns 0 if it was found, 1 if the request does not have it, 2 if buf is too small. The value is not
 * decoded.
 */
LWS_VISIBLE LWS_EXTERN int
lws_http_cookie_get(struct lws *wsi, const char *name, char *buf, size_t *max);

/**
 * lws_http_get_uri_and_method() - the path and the method of the request
 *
 * \param wsi: the connection
 * \param puri_ptr: receives the path, without query; valid until the headers are gone, ended by a NUL
 * \param puri_len: receives its length in bytes
 *
 * Returns LWSHUMETH_GET and so on, -1 if there is no request.
 */
LWS_VISIBLE LWS_EXTERN int
lws_http_get_uri_and_method(struct lws *wsi, char **puri_ptr, int *puri_len) LWS_WARN_UNUSED_RESULT;

/**
 * lws_http_headers_detach() - lets go of the request's headers
 *
 * \param wsi: the connection
 *
 * For long responses and event streams: frees the memory of the request's headers now, after which none can
 * be read. Returns 0, -1 for an unusable wsi.
 */
LWS_VISIBLE LWS_EXTERN int
lws_http_headers_detach(struct lws *wsi);

/*
 * Making a response. Whatever makes its text, the library reads it when it is sent, to know where the
 * response ends: by its Content-Length, by chunks, or with the connection. Where the text says nothing about
 * the connection, a Connection header is put in when the client has to be told: "close" where it will be
 * closed, "keep-alive" where an HTTP/1.0 client asked for that.
 */

/**
 * lws_add_http_header_status() - begins a response
 *
 * \param wsi: the connection
 * \param code: the status, optionally | LWSAHH_FLAG_NO_SERVER_NAME
 * \param p: where to write, advanced
 * \param end: end of the buffer
 *
 * Writes the status line and the headers that every response of the vhost has:
 * lws_context_creation_info.headers, those of LWS_SERVER_OPTION_HTTP_HEADERS_SECURITY_BEST_PRACTICES_ENFORCE
 * and LWS_SERVER_OPTION_STS, Server.
 *
 * Returns 0, 1 if it does not fit, the status is not one, or a header of the vhost is not allowed, see
 * lws_add_http_header_by_name().
 */
LWS_VISIBLE LWS_EXTERN int
lws_add_http_header_status(struct lws *wsi, unsigned int code, unsigned char **p,
			   unsigned char *end) LWS_WARN_UNUSED_RESULT;

/**
 * lws_add_http_header_by_name() - adds a header
 *
 * \param wsi: the connection
 * \param name: its name with a colon, such as "x-request-id:"; NULL: value is a whole line
 * \param value: its value, needs no NUL
 * \param length: length of value in bytes
 * \param p: where to write, advanced
 * \param end: end of the buffer
 *
 * Returns 0, 1 if it does not fit; 1 also where name or value contain a CR, LF or NUL, which would let
 * whoever chose the value write headers of their own (the log says so), and where name is empty or length
 * negative.
 */
LWS_VISIBLE LWS_EXTERN int
lws_add_http_header_by_name(struct lws *wsi, const unsigned char *name, const unsigned char *value,
			    int length, unsigned char **p, unsigned char *end) LWS_WARN_UNUSED_RESULT;

/**
 * lws_add_http_header_by_token() - adds a header that the library knows by name
 *
 * \param wsi: the connection
 * \param token: the header
 * \param value: its value, needs no NUL
 * \param length: length of value in bytes
 * \param p: where to write, advanced
 * \param end: end of the buffer
 *
 * Returns as lws_add_http_header_by_name(), 1 also where token is not a header.
 */
LWS_VISIBLE LWS_EXTERN int
lws_add_http_header_by_token(struct lws *wsi, enum lws_token_indexes token, const unsigned char *value,
			     int length, unsigned char **p, unsigned char *end) LWS_WARN_UNUSED_RESULT;

/**
 * lws_add_http_header_content_length() - adds Content-Length
 *
 * \param wsi: the connection
 * \param content_length: bytes of the body
 * \param p: where to write, advanced
 * \param end: end of the buffer
 *
 * What is written of the body beyond that length is dropped with a warning in the log; where less was written
 * when the transaction is completed, the connection is closed. Returns 0, 1 if it does not fit.
 */
LWS_VISIBLE LWS_EXTERN int
lws_add_http_header_content_length(struct lws *wsi, lws_filepos_t content_length, unsigned char **p,
				   unsigned char *end) LWS_WARN_UNUSED_RESULT;

/**
 * lws_finalize_http_header() - adds the empty line that ends the headers
 *
 * \param wsi: the connection
 * \param p: where to write, advanced
 * \param end: end of the buffer
 *
 * Returns 0, 1 if it does not fit. Then send all of it with lws_write() and LWS_WRITE_HTTP_HEADERS.
 */
LWS_VISIBLE LWS_EXTERN int
lws_finalize_http_header(struct lws *wsi, unsigned char **p, unsigned char *end) LWS_WARN_UNUSED_RESULT;

/**
 * lws_finalize_write_http_header() - ends the headers and sends them
 *
 * \param wsi: the connection
 * \param start: where they begin
 * \param p: where they end so far, advanced
 * \param end: end of the buffer
 *
 * Returns 0, 1 if the end does not fit or lws_write() failed.
 */
LWS_VISIBLE LWS_EXTERN int
lws_finalize_write_http_header(struct lws *wsi, unsigned char *start, unsigned char **p,
			       unsigned char *end) LWS_WARN_UNUSED_RESULT;

/**
 * lws_add_http_common_headers() - begins a response with what most have
 *
 * \param wsi: the connection
 * \param code: the status, as for lws_add_http_header_status()
 * \param content_type: the type of the body, NULL: no such header
 * \param content_len: bytes of the body; LWS_ILLEGAL_HTTP_CONTENT_LEN: not known, the end of the connection
 * is the end of the body
 * \param p: where to write, advanced
 * \param end: end of the buffer
 *
 * Status, Content-Type, and Content-Length, or without a length "connection: close": the connection is then
 * closed by lws_http_transaction_completed() returning 1. Returns 0, 1 if it does not fit.
 */
LWS_VISIBLE LWS_EXTERN int
lws_add_http_common_headers(struct lws *wsi, unsigned int code, const char *content_type,
			    lws_filepos_t content_len, unsigned char **p,
			    unsigned char *end) LWS_WARN_UNUSED_RESULT;

/**
 * lws_return_http_status() - sends a whole response with a short page
 *
 * \param wsi: the connection
 * \param code: the status
 * \param html_body: HTML to show below the status, NULL: none. It is not escaped: do not put in what a client
 * sent.
 *
 * For 404 the client is redirected to lws_context_creation_info.error_document_404 if there is one. The
 * transaction has to be completed afterwards, with lws_http_transaction_completed().
 *
 * Returns 0, nonzero where it could not be sent: the callback should return nonzero then.
 */
LWS_VISIBLE LWS_EXTERN int
lws_return_http_status(struct lws *wsi, unsigned int code, const char *html_body);

/**
 * lws_http_redirect() - sends a redirect
 *
 * \param wsi: the connection
 * \param code: HTTP_STATUS_MOVED_PERMANENTLY, HTTP_STATUS_FOUND or HTTP_STATUS_SEE_OTHER
 * \param loc: where to, a URL or an absolute path
 * \param len: length of loc in bytes
 * \param p: buffer to make the headers in, advanced
 * \param end: end of the buffer
 *
 * Returns the positive length of what was sent, -1 where it could not be. Complete the transaction
 * afterwards.
 */
LWS_VISIBLE LWS_EXTERN int
lws_http_redirect(struct lws *wsi, int code, const unsigned char *loc, int len, unsigned char **p,
		  unsigned char *end) LWS_WARN_UNUSED_RESULT;

/**
 * lws_http_transaction_completed() - the response to this request is complete
 *
 * \param wsi: the connection
 *
 * What was written may still be on its way, what is left of the request's body is read and dropped. Then the
 * connection waits for the next request, or goes on with one that it has already.
 *
 * Returns 0 where it is kept open, 1 where it is to be closed: return -1 from the callback then. It is to be
 * closed when the client or the response said so, or when less body was written than the response promised. A stream of
 * HTTP/2 always is: it carries one request.
 */
LWS_VISIBLE LWS_EXTERN int
lws_http_transaction_completed(struct lws *wsi) LWS_WARN_UNUSED_RESULT;

/**
 * lws_http_mark_sse() - the response is an endless stream of events
 *
 * \param wsi: the connection
 *
 * Call it when the headers have been sent, with content type "text/event-stream": lets go of the request's
 * headers and lifts the time limits that responses have. On a stream of HTTP/2 it is the stream that lasts; others on
 * the same connection keep their limits. Any thread. Returns 0, nonzero for an unusable wsi.
 */
LWS_VISIBLE LWS_EXTERN int
lws_http_mark_sse(struct lws *wsi);

/* Files. */

/**
 * lws_get_mimetype() - the type of a file by its suffix
 *
 * \param file: its name
 * \param m: a mount whose extra_mimetypes come first, or NULL
 *
 * Case does not count. Returns the type, constant or belonging to the mount: of the mount's list, else of the
 * built-in one, else of the mount's "*"; NULL if none fits.
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_get_mimetype(const char *file, const struct lws_http_mount *m);

/**
 * lws_serve_http_file() - answers a request with a file
 *
 * \param wsi: the connection
 * \param file: the file's path. It is opened as given: do not put in what a client sent, mounts are for that.
 * \param content_type: its type
 * \param other_headers: complete header lines to add, each ended by CR LF; NULL: none
 * \param other_headers_len: their length in bytes
 *
 * Sends status, type, length and Cache-Control (unless other_headers have it), and then, as the peer takes
 * it, the file, which is not read into memory as a whole. Answers HEAD without body, and Range (RFC 9110
 * section 14) with 206 or 416. A file that cannot be opened gives 404.
 *
 * Returns 0 where the file is on its way: LWS_CALLBACK_HTTP_FILE_COMPLETION comes when it was sent. Positive:
 * answered in full, the transaction has to be completed. Negative: it failed, the callback should return -1.
 */
LWS_VISIBLE LWS_EXTERN int
lws_serve_http_file(struct lws *wsi, const char *file, const char *content_type, const char *other_headers,
		    int other_headers_len);

/**
 * lws_serve_http_file_fragment() - sends more of a file
 *
 * \param wsi: the connection
 *
 * The library does it by itself while lws_serve_http_file() is under way; programs need not. Returns 0 where
 * more is left, positive where the file was sent, negative where it failed.
 */
LWS_VISIBLE LWS_EXTERN int
lws_serve_http_file_fragment(struct lws *wsi);

/**
 * lws_chunked_html_process() - fills variables into a piece of a page
 *
 * \param args: `in` of LWS_CALLBACK_PROCESS_HTML
 * \param s: the state, one for each response, for instance in the per-session memory
 *
 * Replaces the variables s->vars by what s->replace gives, in place, and where args->chunked is set makes a
 * chunk of the piece (RFC 9112 section 7.1), for which args->p gets up to 10 bytes further to the front. A
 * variable cut by the end of a piece is found all the same.
 *
 * Returns 0, -1 where args->max_len does not suffice.
 */
LWS_VISIBLE LWS_EXTERN int
lws_chunked_html_process(struct lws_process_html_args *args, struct lws_process_html_state *s);

/* Text. These touch nothing but their arguments. */

/**
 * lws_urlencode() - encodes text for a URL's query
 *
 * \param escaped: receives the text and a NUL
 * \param string: the text
 * \param len: size of escaped in bytes; three times the text plus one always suffices, what does not fit is
 * cut
 *
 * Letters and digits stay, space becomes +, the rest %XX. Returns escaped.
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_urlencode(char *escaped, const char *string, int len);

/**
 * lws_urldecode() - decodes %XX and +
 *
 * \param string: receives the text and a NUL; may be the same as escaped
 * \param escaped: the encoded text
 * \param len: how many bytes to decode to at most, without the NUL
 *
 * Returns 0, -1 where something other than two hex digits follows a %. One that the end of the text cuts short is
 * left out.
 */
LWS_VISIBLE LWS_EXTERN int
lws_urldecode(char *string, const char *escaped, int len);

/**
 * lws_http_date_render_from_unix() - makes the text of a date (RFC 9110 section 5.6.7)
 *
 * \param buf: receives it, 29 bytes and a NUL: "Sun, 06 Nov 1994 08:49:37 GMT"
 * \param len: size of buf in bytes, at least 30
 * \param t: seconds since 1970
 *
 * Returns 0, -1 if buf is too small or the year has not four digits.
 */
LWS_VISIBLE LWS_EXTERN int
lws_http_date_render_from_unix(char *buf, size_t len, const time_t *t);

/**
 * lws_http_date_parse_unix() - reads the text of a date (RFC 9110 section 5.6.7)
 *
 * \param b: the text: "Sun, 06 Nov 1994 08:49:37 GMT", or one of the two obsolete forms "Sunday, 06-Nov-94
 * 08:49:37 GMT" and "Sun Nov  6 08:49:37 1994"
 * \param len: its length in bytes
 * \param t: receives the seconds since 1970
 *
 * Returns 0, -1 if it is no such text.
 */
LWS_VISIBLE LWS_EXTERN int
lws_http_date_parse_unix(const char *b, size_t len, time_t *t);

/**
 * lws_http_check_retry_after() - respect Retry-After (RFC 9110 section 10.2.3)
 *
 * \param wsi: a client connection, while the response's headers are there
 * \param us_interval_in_out: in: how long the program would wait, microseconds; out: longer, if the server says so
 *
 * Returns 0 if it was made longer, nonzero if it stays: no such header, one that is not understood, or a time that is
 * sooner.
 */
LWS_VISIBLE LWS_EXTERN int
lws_http_check_retry_after(struct lws *wsi, lws_usec_t *us_interval_in_out);

/**
 * lws_h2_client_stream_long_poll_rxonly() - a stream that only receives from now on
 *
 * \param wsi: a client's stream of HTTP/2
 *
 * Our side of the stream is ended (RFC 9113 section 5.1), if it was not with the head of a request without a body, and
 * the timeouts are stopped: the server may take its time. To be called from CLIENT_APPEND_HANDSHAKE_HEADER on. Any thread.
 *
 * Returns 0, nonzero for what is not such a stream.
 */
LWS_VISIBLE LWS_EXTERN int
lws_h2_client_stream_long_poll_rxonly(struct lws *wsi);

/**
 * lws_http_compression_apply() - compress what is sent, or expand what is received
 *
 * \param wsi: the connection, while the response's head is being written
 * \param name: the coding, such as "gzip"; NULL: the first that the peer's Accept-Encoding names and we have
 * \param p: where headers go; moves behind Content-Encoding
 * \param end: behind the room
 * \param decomp: 0 compresses, 1 expands
 *
 * The body then has to be written with LWS_WRITE_HTTP, and its last part with LWS_WRITE_HTTP_FINAL.
 *
 * Returns 0, also when nothing is applied because the peer does not accept it; nonzero for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_http_compression_apply(struct lws *wsi, const char *name,
			   unsigned char **p, unsigned char *end, char decomp);

/**
 * lws_http_is_redirected_to_get() - whether a redirect has turned a client's request into a GET
 *
 * \param wsi: the client connection
 *
 * Status 303 does, for instance (RFC 9110 section 15.4.4): there is no body to send then. Returns nonzero if so.
 */
LWS_VISIBLE LWS_EXTERN int
lws_http_is_redirected_to_get(struct lws *wsi);

/** Whether the status of a response, from lws_http_client_http_response(), is an error: 400 and above. */
#define lws_http_client_http_resp_is_error(code) ((code) >= 400)

/** For lws_h2_update_peer_txcredit(): the stream of wsi itself */
#define LWS_H2_STREAM_SID -1

/**
 * lws_h2_update_peer_txcredit() - let the peer of an HTTP/2 stream send more (RFC 9113 section 6.9)
 *
 * \param wsi: a stream, or the connection that carries it
 * \param sid: LWS_H2_STREAM_SID, 0 for the connection, or another stream's number
 * \param bump: how many bytes more, positive
 *
 * A server needs it only to have more under way than H2SET_INITIAL_WINDOW_SIZE: credit is given back by itself for
 * everything that the program has got, and lws_rx_flow_control() holds the peer back. For a client with
 * LCCSCF_H2_MANUAL_RXFLOW, a stream begins with the credit of manual_initial_tx_credit and gets more only by this
 * function. Any thread.
 *
 * Returns 0, nonzero for an error: not HTTP/2 (or a WebSocket over it), no such stream, a sum above 2147483647.
 */
LWS_VISIBLE LWS_EXTERN int
lws_h2_update_peer_txcredit(struct lws *wsi, unsigned int sid, int bump);

/**
 * lws_h2_get_peer_txcredit_estimate() - how much the peer of an HTTP/2 stream may send
 *
 * \param wsi: a stream, or the connection that carries it
 *
 * Returns bytes, 0 where nothing may be sent and where there is no such flow control. Part of them may be on the way
 * already. Any thread.
 */
LWS_VISIBLE LWS_EXTERN int
lws_h2_get_peer_txcredit_estimate(struct lws *wsi);

#endif
