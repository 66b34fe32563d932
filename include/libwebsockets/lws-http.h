#ifndef GOLWS_LWS_HTTP_H
#define GOLWS_LWS_HTTP_H

#define LWS_RECOMMENDED_MIN_HEADER_SPACE 2048
#define LWSAHH_CODE_MASK ((1 << 16) - 1)
#define LWSAHH_FLAG_NO_SERVER_NAME (1 << 30)
#define LWS_ILLEGAL_HTTP_CONTENT_LEN ((lws_filepos_t)-1ll)

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

struct lws_process_html_args {
	char *p;
	int len;
	int max_len;
	int final;
	int chunked;
};

typedef const char *(*lws_process_html_state_cb)(void *data, int index);

struct lws_process_html_state {
	char *start;
	char swallow[16];
	int pos;
	void *data;
	const char *const *vars;
	int count_vars;
	lws_process_html_state_cb replace;
};

struct lws_tokens {
	unsigned char *token;
	int len;
};

enum lws_token_indexes {
	WSI_TOKEN_GET_URI = 0,
	WSI_TOKEN_POST_URI = 1,
	WSI_TOKEN_OPTIONS_URI = 2,
	WSI_TOKEN_HOST = 3,
	WSI_TOKEN_CONNECTION = 4,
	WSI_TOKEN_UPGRADE = 5,
	WSI_TOKEN_ORIGIN = 6,
	WSI_TOKEN_DRAFT = 7,
	WSI_TOKEN_CHALLENGE = 8,
	WSI_TOKEN_EXTENSIONS = 9,
	WSI_TOKEN_KEY1 = 10,
	WSI_TOKEN_KEY2 = 11,
	WSI_TOKEN_PROTOCOL = 12,
	WSI_TOKEN_ACCEPT = 13,
	WSI_TOKEN_NONCE = 14,
	WSI_TOKEN_HTTP = 15,
	WSI_TOKEN_HTTP2_SETTINGS = 16,
	WSI_TOKEN_HTTP_ACCEPT = 17,
	WSI_TOKEN_HTTP_AC_REQUEST_HEADERS = 18,
	WSI_TOKEN_HTTP_IF_MODIFIED_SINCE = 19,
	WSI_TOKEN_HTTP_IF_NONE_MATCH = 20,
	WSI_TOKEN_HTTP_ACCEPT_ENCODING = 21,
	WSI_TOKEN_HTTP_ACCEPT_LANGUAGE = 22,
	WSI_TOKEN_HTTP_PRAGMA = 23,
	WSI_TOKEN_HTTP_CACHE_CONTROL = 24,
	WSI_TOKEN_HTTP_AUTHORIZATION = 25,
	WSI_TOKEN_HTTP_COOKIE = 26,
	WSI_TOKEN_HTTP_CONTENT_LENGTH = 27,
	WSI_TOKEN_HTTP_CONTENT_TYPE = 28,
	WSI_TOKEN_HTTP_DATE = 29,
	WSI_TOKEN_HTTP_RANGE = 30,
	WSI_TOKEN_HTTP_REFERER = 31,
	WSI_TOKEN_KEY = 32,
	WSI_TOKEN_VERSION = 33,
	WSI_TOKEN_SWORIGIN = 34,
	WSI_TOKEN_HTTP_COLON_AUTHORITY = 35,
	WSI_TOKEN_HTTP_COLON_METHOD = 36,
	WSI_TOKEN_HTTP_COLON_PATH = 37,
	WSI_TOKEN_HTTP_COLON_SCHEME = 38,
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
	WSI_TOKEN_PATCH_URI = 73,
	WSI_TOKEN_PUT_URI = 74,
	WSI_TOKEN_DELETE_URI = 75,
	WSI_TOKEN_HTTP_URI_ARGS = 76,
	WSI_TOKEN_PROXY = 77,
	WSI_TOKEN_HTTP_X_REAL_IP = 78,
	WSI_TOKEN_HTTP1_0 = 79,
	WSI_TOKEN_X_FORWARDED_FOR = 80,
	WSI_TOKEN_CONNECT = 81,
	WSI_TOKEN_HEAD_URI = 82,
	WSI_TOKEN_TE = 83,
	WSI_TOKEN_REPLAY_NONCE = 84,
	WSI_TOKEN_COLON_PROTOCOL = 85,
	WSI_TOKEN_X_AUTH_TOKEN = 86,
	WSI_TOKEN_DSS_SIGNATURE = 87,
	_WSI_TOKEN_CLIENT_SENT_PROTOCOLS = 88,
	_WSI_TOKEN_CLIENT_PEER_ADDRESS = 89,
	_WSI_TOKEN_CLIENT_URI = 90,
	_WSI_TOKEN_CLIENT_HOST = 91,
	_WSI_TOKEN_CLIENT_ORIGIN = 92,
	_WSI_TOKEN_CLIENT_METHOD = 93,
	_WSI_TOKEN_CLIENT_IFACE = 94,
	_WSI_TOKEN_CLIENT_ALPN = 95,
	WSI_TOKEN_COUNT = 96,
	WSI_TOKEN_NAME_PART = 97,
	WSI_TOKEN_UNKNOWN_VALUE_PART = 98,
	WSI_TOKEN_SKIPPING = 99,
	WSI_TOKEN_SKIPPING_SAW_CR = 100,
	WSI_PARSING_COMPLETE = 101,
	WSI_INIT_TOKEN_MUXURL = 102,
};

struct lws_token_limits {
	unsigned short token_limit[96];
};

enum lws_h2_settings {
	H2SET_HEADER_TABLE_SIZE = 1,
	H2SET_ENABLE_PUSH = 2,
	H2SET_MAX_CONCURRENT_STREAMS = 3,
	H2SET_INITIAL_WINDOW_SIZE = 4,
	H2SET_MAX_FRAME_SIZE = 5,
	H2SET_MAX_HEADER_LIST_SIZE = 6,
	H2SET_RESERVED7 = 7,
	H2SET_ENABLE_CONNECT_PROTOCOL = 8,
	H2SET_COUNT = 9,
};

enum {
	LWSHUMETH_GET = 0,
	LWSHUMETH_POST = 1,
	LWSHUMETH_OPTIONS = 2,
	LWSHUMETH_PUT = 3,
	LWSHUMETH_PATCH = 4,
	LWSHUMETH_DELETE = 5,
	LWSHUMETH_CONNECT = 6,
	LWSHUMETH_HEAD = 7,
	LWSHUMETH_COLON_PATH = 8,
};

LWS_VISIBLE LWS_EXTERN const char *lws_get_mimetype(const char *file, const struct lws_http_mount *m);

LWS_VISIBLE LWS_EXTERN int lws_serve_http_file(struct lws *wsi, const char *file, const char *content_type, const char *other_headers, int other_headers_len);

LWS_VISIBLE LWS_EXTERN int lws_serve_http_file_fragment(struct lws *wsi);

LWS_VISIBLE LWS_EXTERN int lws_chunked_html_process(struct lws_process_html_args *args, struct lws_process_html_state *s);

LWS_VISIBLE LWS_EXTERN const unsigned char *lws_token_to_string(enum lws_token_indexes token);

LWS_VISIBLE LWS_EXTERN int lws_hdr_total_length(struct lws *wsi, enum lws_token_indexes h) LWS_WARN_UNUSED_RESULT;

LWS_VISIBLE LWS_EXTERN int lws_hdr_fragment_length(struct lws *wsi, enum lws_token_indexes h, int frag_idx) LWS_WARN_UNUSED_RESULT;

LWS_VISIBLE LWS_EXTERN int lws_hdr_copy(struct lws *wsi, char *dest, int len, enum lws_token_indexes h);

LWS_VISIBLE LWS_EXTERN int lws_hdr_copy_fragment(struct lws *wsi, char *dest, int len, enum lws_token_indexes h, int frag_idx);

LWS_VISIBLE LWS_EXTERN int lws_hdr_custom_length(struct lws *wsi, const char *name, int nlen);

LWS_VISIBLE LWS_EXTERN int lws_hdr_custom_copy(struct lws *wsi, char *dst, int len, const char *name, int nlen);

LWS_VISIBLE LWS_EXTERN int lws_get_urlarg_by_name_safe(struct lws *wsi, const char *name, char *buf, int len);

LWS_VISIBLE LWS_EXTERN const char *lws_get_urlarg_by_name(struct lws *wsi, const char *name, char *buf, int len);

LWS_VISIBLE LWS_EXTERN int lws_add_http_header_status(struct lws *wsi, unsigned int code, unsigned char **p, unsigned char *end) LWS_WARN_UNUSED_RESULT;

LWS_VISIBLE LWS_EXTERN int lws_add_http_header_by_name(struct lws *wsi, const unsigned char *name, const unsigned char *value, int length, unsigned char **p, unsigned char *end) LWS_WARN_UNUSED_RESULT;

LWS_VISIBLE LWS_EXTERN int lws_add_http_header_by_token(struct lws *wsi, enum lws_token_indexes token, const unsigned char *value, int length, unsigned char **p, unsigned char *end) LWS_WARN_UNUSED_RESULT;

LWS_VISIBLE LWS_EXTERN int lws_add_http_header_content_length(struct lws *wsi, lws_filepos_t content_length, unsigned char **p, unsigned char *end) LWS_WARN_UNUSED_RESULT;

LWS_VISIBLE LWS_EXTERN int lws_finalize_http_header(struct lws *wsi, unsigned char **p, unsigned char *end) LWS_WARN_UNUSED_RESULT;

LWS_VISIBLE LWS_EXTERN int lws_finalize_write_http_header(struct lws *wsi, unsigned char *start, unsigned char **p, unsigned char *end) LWS_WARN_UNUSED_RESULT;

LWS_VISIBLE LWS_EXTERN int lws_add_http_common_headers(struct lws *wsi, unsigned int code, const char *content_type, lws_filepos_t content_len, unsigned char **p, unsigned char *end) LWS_WARN_UNUSED_RESULT;

LWS_VISIBLE LWS_EXTERN int lws_http_get_uri_and_method(struct lws *wsi, char **puri_ptr, int *puri_len) LWS_WARN_UNUSED_RESULT;

LWS_VISIBLE LWS_EXTERN const char *lws_urlencode(char *escaped, const char *string, int len);

LWS_VISIBLE LWS_EXTERN int lws_urldecode(char *string, const char *escaped, int len);

LWS_VISIBLE LWS_EXTERN int lws_http_date_render_from_unix(char *buf, size_t len, const time_t *t);

LWS_VISIBLE LWS_EXTERN int lws_http_date_parse_unix(const char *b, size_t len, time_t *t);

LWS_VISIBLE LWS_EXTERN int lws_return_http_status(struct lws *wsi, unsigned int code, const char *html_body);

LWS_VISIBLE LWS_EXTERN int lws_http_redirect(struct lws *wsi, int code, const unsigned char *loc, int len, unsigned char **p, unsigned char *end) LWS_WARN_UNUSED_RESULT;

LWS_VISIBLE LWS_EXTERN int lws_http_transaction_completed(struct lws *wsi) LWS_WARN_UNUSED_RESULT;

LWS_VISIBLE LWS_EXTERN int lws_http_headers_detach(struct lws *wsi);

LWS_VISIBLE LWS_EXTERN int lws_http_mark_sse(struct lws *wsi);

LWS_VISIBLE LWS_EXTERN int lws_http_cookie_get(struct lws *wsi, const char *name, char *buf, size_t *max);

#endif
