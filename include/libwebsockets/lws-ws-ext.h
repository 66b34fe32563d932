/** @file
 * WebSocket extensions (RFC 6455 section 9). The library has one, permessage-deflate (RFC 7692), which
 * compresses messages.
 *
 * A vhost offers it when the list in lws_context_creation_info.extensions names it:
 *
 *     static const struct lws_extension extensions[] = {
 *             { "permessage-deflate", lws_extension_callback_pm_deflate,
 *               "permessage-deflate; client_no_context_takeover; client_max_window_bits" },
 *             { NULL, NULL, NULL }
 *     };
 *
 * A connection then uses it if the client asked for it and LWS_CALLBACK_CONFIRM_EXTENSION_OKAY did not
 * refuse. The program notices nothing: it writes and receives plain messages.
 */
#ifndef GOLWS_LWS_WS_EXT_H
#define GOLWS_LWS_WS_EXT_H

/** Why an extension's callback is called. */
enum lws_extension_callback_reasons {
	/** a server connection begins to use the extension */
	LWS_EXT_CB_CONSTRUCT = 4,
	/** a client connection begins to use the extension */
	LWS_EXT_CB_CLIENT_CONSTRUCT = 5,
	/** the connection ends, what was allocated for it has to go */
	LWS_EXT_CB_DESTROY = 8,
	/** a complete frame is about to be sent */
	LWS_EXT_CB_PACKET_TX_PRESEND = 12,
	/** payload on its way out */
	LWS_EXT_CB_PAYLOAD_TX = 21,
	/** payload that came in */
	LWS_EXT_CB_PAYLOAD_RX = 22,
	/** set options to their defaults */
	LWS_EXT_CB_OPTION_DEFAULT = 23,
	/** an option from the handshake, `in` is a struct lws_ext_option_arg * with option_index set */
	LWS_EXT_CB_OPTION_SET = 24,
	/** all options are known, are they acceptable? */
	LWS_EXT_CB_OPTION_CONFIRM = 25,
	/** an option from lws_set_extension_option(), `in` is a struct lws_ext_option_arg * with option_name set */
	LWS_EXT_CB_NAMED_OPTION_SET = 26,
};

/** What follows the name of an option. */
enum lws_ext_options_types {
	/** nothing */
	EXTARG_NONE = 0,
	/** = and a decimal number */
	EXTARG_DEC = 1,
	/** nothing, or = and a decimal number */
	EXTARG_OPT_DEC = 2,
};

/** An option that an extension understands. Lists of them end with a NULL name. */
struct lws_ext_options {
	/** its name in the handshake, such as "server_no_context_takeover" */
	const char *name;
	/** whether it has a value */
	enum lws_ext_options_types type;
};

/** An option that was given. */
struct lws_ext_option_arg {
	/** its name, or NULL: then option_index says which */
	const char *option_name;
	/** its place in the list of struct lws_ext_options, where option_name is NULL */
	int option_index;
	/** its value, or NULL if it has none */
	const char *start;
	/** length of the value in bytes; 0 where start ends with a NUL */
	int len;
};

struct lws_extension;

/**
 * lws_extension_callback_function - the callback of an extension
 *
 * \param context: the context
 * \param ext: the extension, an element of lws_context_creation_info.extensions
 * \param wsi: the connection
 * \param reason: why it is called
 * \param user: what the extension keeps for this connection
 * \param in: depends on reason
 * \param len: depends on reason
 *
 * Negative: failed, the connection is closed.
 */
typedef int lws_extension_callback_function(struct lws_context *context, const struct lws_extension *ext,
					    struct lws *wsi, enum lws_extension_callback_reasons reason,
					    void *user, void *in, size_t len);

/**
 * An extension that a vhost offers. The list ends with a NULL callback, must stay valid as long as the vhost
 * and is not changed.
 */
struct lws_extension {
	/** its registered name, "permessage-deflate" */
	const char *name;
	/**
	 * lws_extension_callback_pm_deflate; a list with any other function is refused when the vhost is
	 * created, with a log line
	 */
	lws_extension_callback_function *callback;
	/** name and options as a client offers them in Sec-WebSocket-Extensions; servers do not use it */
	const char *client_offer;
};

/**
 * lws_set_extension_option() - changes an option of an extension that a connection uses
 *
 * \param wsi: the connection
 * \param ext_name: "permessage-deflate"
 * \param opt_name: name of the option, one of those below
 * \param opt_val: its value as decimal digits
 *
 * Options:
 *
 * - "compression_level": 1 (fast, the default) to 9 (small), of what is sent with the full window
 * - "server_no_context_takeover": not 0 compresses each message without regard to those before
 * - "server_max_window_bits": a smaller window than was agreed on for what is sent
 * - "rx_buf_size": 7 to 30, the largest piece of an inflated message that LWS_CALLBACK_RECEIVE gets, as a power of
 *   two; never more than the protocol's rx_buffer_size, which is the default
 * - "tx_buf_size": 7 to 30, the largest frame of a compressed message, as a power of two (16)
 * - "max_message_size": messages that inflate to more bytes end the connection with status 1009; 0, the default, is no
 *   limit but for messages that inflate to 200 times their size and more than 16 MiB
 * - "mem_level": 1 to 9, accepted for what libwebsockets does with it; the compressors are shared by connections here
 *
 * Call it from LWS_CALLBACK_ESTABLISHED or later. Returns 0 when it was set, 0 also where wsi is not a
 * WebSocket connection; -1 where the connection does not use the extension, or the option is unknown, or its
 * value is not allowed or cannot be changed any more.
 */
LWS_VISIBLE LWS_EXTERN int
lws_set_extension_option(struct lws *wsi, const char *ext_name, const char *opt_name, const char *opt_val);

/**
 * lws_ext_parse_options() - takes the options of an extension apart
 *
 * \param ext: its callback gets LWS_EXT_CB_OPTION_SET for each option found, with a struct lws_ext_option_arg
 * \param wsi: passed to the callback
 * \param ext_user: passed to the callback
 * \param opts: the options it understands
 * \param o: what stands behind the name and its semicolon in Sec-WebSocket-Extensions, such as
 * "client_max_window_bits=12; server_no_context_takeover"
 * \param len: its length in bytes
 *
 * Parsing ends at a comma, where the next extension begins. Values may be in double quotes. Returns 0 when
 * everything was understood, -1 at an unknown name, a missing or unexpected value or a syntax error.
 */
LWS_VISIBLE LWS_EXTERN int
lws_ext_parse_options(const struct lws_extension *ext, struct lws *wsi, void *ext_user,
		      const struct lws_ext_options *opts, const char *o, int len) LWS_WARN_UNUSED_RESULT;

/**
 * lws_extension_callback_pm_deflate() - names permessage-deflate
 *
 * \param context: the context
 * \param ext: the extension
 * \param wsi: the connection
 * \param reason: the reason
 * \param user: state of the extension
 * \param in: depends on reason
 * \param len: depends on reason
 *
 * Its address in lws_extension.callback switches the extension on. The work is done inside the library, so
 * neither the library nor a program calls it: a call is logged as an error and returns -1.
 */
LWS_VISIBLE LWS_EXTERN int
lws_extension_callback_pm_deflate(struct lws_context *context, const struct lws_extension *ext,
				  struct lws *wsi, enum lws_extension_callback_reasons reason, void *user,
				  void *in, size_t len);

#endif
