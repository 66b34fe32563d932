#ifndef GOLWS_LWS_SMD_H
#define GOLWS_LWS_SMD_H

/** \defgroup smd System messages
 *
 * Messages that parts of a program, and several processes by way of a proxy of secure streams, send each other. Each
 * message has a class; whoever registered for that class gets it, in the service thread of its context, in the order
 * in which messages were sent. Messages are text, usually JSON.
 *
 * A message for which nobody is registered is not even made, so sending costs nothing then.
 *
 * Threads: messages may be sent and functions registered in any thread. The functions that receive are called in the
 * service thread.
 */
///@{

/** The longest message, bytes. */
#define LWS_SMD_MAX_PAYLOAD		384
/** Size of a lws_smd_class_t. */
#define LWS_SMD_CLASS_BITFIELD_BYTES	4

/** Type of the secure stream that carries messages between processes. */
#define LWS_SMD_STREAMTYPENAME		"_lws_smd"
/** What comes before a message in that stream: class and time, 8 bytes each, the most significant first. */
#define LWS_SMD_SS_RX_HEADER_LEN	16

/** A set of message classes, one bit each. */
typedef uint32_t lws_smd_class_t;

/** A message. */
struct lws_smd_msg;
/** Somebody who receives messages. */
struct lws_smd_peer;

/** The classes of messages. Bits from LWSSMDCL_USER_BASE_BITNUM on are for programs. */
enum {
	LWSSMDCL_INTERACTION		= (1 << 0),	/**< a user did something, e.g. pressed a button */
	LWSSMDCL_SYSTEM_STATE		= (1 << 1),	/**< the state of the system changed, see lws_system_states_t */
	LWSSMDCL_NETWORK		= (1 << 2),	/**< something changed on the network, e.g. an address */
	LWSSMDCL_METRICS		= (1 << 3),	/**< a client process reports a metric; a proxy does not pass it on */

	LWSSMDCL_USER_BASE_BITNUM	= 24		/**< number of the first bit for programs */
};

/**
 * lws_smd_msg_alloc() - begin to make a message
 *
 * \param ctx: the context
 * \param _class: its class, one bit
 * \param len: its length in bytes, at most LWS_SMD_MAX_PAYLOAD
 *
 * Returns where to put the message; then it is given to lws_smd_msg_send() or lws_smd_msg_free(). NULL if nobody
 * would receive it, which is no error, or there is no memory.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void *
lws_smd_msg_alloc(struct lws_context *ctx, lws_smd_class_t _class, size_t len);

/**
 * lws_smd_msg_free() - do not send a message after all
 *
 * \param payload: points to what lws_smd_msg_alloc() returned; set to NULL
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_smd_msg_free(void **payload);

/**
 * lws_smd_msg_send() - send a message
 *
 * \param ctx: the context
 * \param payload: from lws_smd_msg_alloc(), filled in; it belongs to the library from now on
 *
 * Returns 0, or 1 if too many messages are waiting: the message still belongs to the caller then.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_smd_msg_send(struct lws_context *ctx, void *payload);

/**
 * lws_smd_msg_printf() - make and send a message
 *
 * \param ctx: the context
 * \param _class: its class, one bit
 * \param format: as for printf()
 *
 * Returns 0, also if nobody would receive it; 1 if it is too long, too many are waiting or there is no memory.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_smd_msg_printf(struct lws_context *ctx, lws_smd_class_t _class,
		   const char *format, ...) LWS_FORMAT(3);

/**
 * lws_smd_ss_msg_printf() - make a message in the tx callback of a secure stream
 *
 * \param tag: name of the stream for logs, lws_ss_tag()
 * \param buf: buffer of the callback
 * \param len: its size; gets the length of what is to be sent
 * \param _class: class of the message, one bit
 * \param format: as for printf()
 *
 * For a stream of type LWS_SMD_STREAMTYPENAME.
 *
 * Returns 0, or 1 if the message is too long.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_smd_ss_msg_printf(const char *tag, uint8_t *buf, size_t *len,
		      lws_smd_class_t _class, const char *format, ...)
		      LWS_FORMAT(5);

/**
 * lws_smd_ss_rx_forward() - pass on a message from the rx callback of a secure stream
 *
 * \param ss_user: user object of the stream
 * \param buf: what the callback got
 * \param len: its length in bytes
 *
 * For a stream of type LWS_SMD_STREAMTYPENAME: whoever is registered in this context gets the message.
 *
 * Returns 0, or 1 if it is no message or cannot be passed on.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_smd_ss_rx_forward(void *ss_user, const uint8_t *buf, size_t len);

/**
 * lws_smd_sspc_rx_forward() - lws_smd_ss_rx_forward() for a stream of a client process
 *
 * \param ss_user: user object of the stream
 * \param buf: what the callback got
 * \param len: its length in bytes
 *
 * Programs compiled with LWS_SS_USE_SSPC get it under the name lws_smd_ss_rx_forward().
 *
 * Returns as that does.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_smd_sspc_rx_forward(void *ss_user, const uint8_t *buf, size_t len);

/**
 * lws_smd_notification_cb_t - receives system messages
 *
 * \param opaque: the pointer given at registration
 * \param _class: the class of the message, one bit
 * \param timestamp: when it was sent, microseconds of CLOCK_MONOTONIC
 * \param buf: the message, valid during the call
 * \param len: its length in bytes
 *
 * Returns 0.
 */
typedef int (*lws_smd_notification_cb_t)(void *opaque, lws_smd_class_t _class, lws_usec_t timestamp,
					 void *buf, size_t len);

/** For lws_smd_register(): who registers is a proxied secure stream, opaque is its handle. */
#define LWSSMDREG_FLAG_PROXIED_SS	(1 << 0)

/**
 * lws_smd_register() - receive messages
 *
 * \param ctx: the context
 * \param opaque: passed to the function
 * \param flags: 0
 * \param _class_filter: the classes to receive, or-ed
 * \param cb: the function
 *
 * Only messages that are sent from now on are received.
 *
 * Returns an object for lws_smd_unregister(), or NULL if there is no memory. It ends with the context if not before.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN struct lws_smd_peer *
lws_smd_register(struct lws_context *ctx, void *opaque, int flags,
		 lws_smd_class_t _class_filter, lws_smd_notification_cb_t cb);

/**
 * lws_smd_unregister() - end receiving messages
 *
 * \param pr: from lws_smd_register(). Messages that are waiting for it are dropped
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_smd_unregister(struct lws_smd_peer *pr);
///@}

#endif
