/** @file
 * Responses that a program writes: the Common Gateway Interface, RFC 3875.
 *
 * A mount with origin_protocol LWSMPRO_CGI starts its script for every request and needs none of these calls. They are
 * for callbacks that start a program themselves: lws_cgi() runs it with its standard streams on pipes, of which each
 * is a connection of its own, a child of the HTTP connection. What happens on them arrives in LWS_CALLBACK_CGI and the
 * other LWS_CALLBACK_CGI_ callbacks of the HTTP connection, and lws_callback_http_dummy() handles those in the usual
 * way: body to stdin, stdout to the client, stderr to the log.
 */
#ifndef GOLWS_LWS_CGI_H
#define GOLWS_LWS_CGI_H

/** The standard streams of a program. */
enum lws_enum_stdinouterr {
	LWS_STDIN = 0, /**< standard input, which takes the body of the request (RFC 3875 4.2) */
	LWS_STDOUT = 1, /**< standard output, which gives the response (RFC 3875 6) */
	LWS_STDERR = 2, /**< standard error, which goes to the log */
};

/** How far the response of the program has been taken apart. */
enum lws_cgi_hdr_state {
	LCHS_HEADER, /**< inside a header line of the program (RFC 3875 6.3) */
	LCHS_CR1, /**< after the CR that ends a header line */
	LCHS_LF1, /**< after the LF that ends a header line */
	LCHS_CR2, /**< after the CR of the empty line that ends the headers */
	LCHS_LF2, /**< after the LF of that line: the headers are complete */
	LHCS_RESPONSE, /**< the status line is to be sent */
	LHCS_DUMP_HEADERS, /**< the headers are being sent */
	LHCS_PAYLOAD, /**< what follows is the body */
	LCHS_SINGLE_0A, /**< after a lone LF where CR LF was to be expected; taken for one */
};

/** `in` of the LWS_CALLBACK_CGI_ callbacks. Valid during the callback. */
struct lws_cgi_args {
	/** the connections of the three streams, indexed by enum lws_enum_stdinouterr; see lws_get_socket_fd() */
	struct lws **stdwsi;
	/** the stream that this callback is about */
	enum lws_enum_stdinouterr ch;
	/** LWS_CALLBACK_CGI_STDIN_DATA: a piece of the request's body */
	unsigned char *data;
	/** how far the response has been taken apart */
	enum lws_cgi_hdr_state hdr_state;
	/** LWS_CALLBACK_CGI_STDIN_DATA: how many bytes are at data */
	int len;
};

/**
 * lws_cgi() - starts a program that answers a request
 *
 * \param wsi: the HTTP connection with the request, in its LWS_CALLBACK_HTTP
 * \param exec_array: path of the program and its arguments, ended by NULL; read during the call
 * \param script_uri_path_len: how many characters of the request's path name the script, as SCRIPT_NAME does (RFC 3875
 * 4.1.13); what follows becomes PATH_INFO (4.1.5). -1: the environment says nothing about the request's URI.
 * \param timeout_secs: seconds the program may run before it is killed
 * \param mp_cgienv: more environment variables by name, or NULL; read during the call
 *
 * The program runs with the meta-variables of RFC 3875 4.1 that the request has (REQUEST_METHOD, QUERY_STRING,
 * CONTENT_TYPE, CONTENT_LENGTH, HTTP_ ones of some headers, ...) and nothing of this process's environment. It
 * belongs to the connection: it is killed when that closes, and the connection closes when the program has ended and
 * its output is sent, which LWS_CALLBACK_CGI_TERMINATED announces.
 *
 * Returns 0, -1 if the program could not be started. Service thread.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_cgi(struct lws *wsi, const char *const *exec_array, int script_uri_path_len, int timeout_secs,
	const struct lws_protocol_vhost_options *mp_cgienv);

/**
 * lws_cgi_write_split_stdout_headers() - sends on what the program has written
 *
 * \param wsi: the HTTP connection, in its LWS_CALLBACK_CGI for LWS_STDOUT
 *
 * Takes the headers of the program apart, makes the response of them (a Status header becomes the status line, RFC
 * 3875 6.3.3; without Content-Length the body is chunked) and sends the body as it comes. lws_callback_http_dummy()
 * calls it.
 *
 * Returns 0 when there may be more, 1 or -1 when the connection should be closed: the response has ended, is
 * malformed, or could not be sent.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_cgi_write_split_stdout_headers(struct lws *wsi);

/**
 * lws_cgi_kill() - ends the program of a connection
 *
 * \param wsi: the HTTP connection
 *
 * Sends signals to the program and everything in its process group, and delivers LWS_CALLBACK_CGI_TERMINATED before it
 * returns; nonzero from that closes the connection. Returns 0, also when no program runs.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_cgi_kill(struct lws *wsi);

/**
 * lws_cgi_get_stdwsi() - the connection of one of the program's streams
 *
 * \param wsi: the HTTP connection
 * \param ch: which stream
 *
 * Returns it, valid while the program runs; NULL if none runs. Flow control of stdout, lws_rx_flow_control(), is
 * what it is for.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN struct lws *
lws_cgi_get_stdwsi(struct lws *wsi, enum lws_enum_stdinouterr ch);

#endif
