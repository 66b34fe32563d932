#ifndef GOLWS_ABSTRACT_PROTOCOLS_H
#define GOLWS_ABSTRACT_PROTOCOLS_H

/** \addtogroup abstract */
///@{

/** How a protocol lets several users share a connection; 0: each has its own. */
enum {
	LWS_AP_FLAG_PIPELINE_TRANSACTIONS	= (1 << 0),	/**< one after the other */
	LWS_AP_FLAG_MUXABLE_STREAM		= (1 << 1),	/**< at the same time, as streams */
};

/** A protocol. Functions that return int return 0, or nonzero to end the connection. */
typedef struct lws_abs_protocol {
	const char	*name;	/**< its name */
	int		alloc;	/**< bytes of memory for each connection */
	int		flags;	/**< LWS_AP_FLAG_... */

	int		(*create)(const struct lws_abs *ai);		/**< a connection begins */
	void		(*destroy)(lws_abs_protocol_inst_t **d);	/**< a connection ended */
	int		(*compare)(lws_abs_t *abs1, lws_abs_t *abs2);	/**< 0 if both may share a connection */

	int		(*accept)(lws_abs_protocol_inst_t *d);		/**< the transport is connected */
	int		(*rx)(lws_abs_protocol_inst_t *d, const uint8_t *b, size_t l); /**< bytes were received */
	int		(*writeable)(lws_abs_protocol_inst_t *d, size_t budget); /**< it may send budget bytes */
	int		(*closed)(lws_abs_protocol_inst_t *d);		/**< the transport has closed */
	int		(*heartbeat)(lws_abs_protocol_inst_t *d);	/**< now and then */

	int		(*child_bind)(lws_abs_t *abs);			/**< another user joined the connection abs */
} lws_abs_protocol_t;

/**
 * lws_abs_protocol_get_by_name() - find a protocol
 *
 * \param name: its name
 *
 * Returns NULL if there is none of that name.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN const lws_abs_protocol_t *
lws_abs_protocol_get_by_name(const char *name);
///@}

#endif
