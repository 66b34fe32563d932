#ifndef GOLWS_ABSTRACT_TRANSPORTS_H
#define GOLWS_ABSTRACT_TRANSPORTS_H

/** \addtogroup abstract */
///@{

/** A transport. Functions that return int return 0, or nonzero after an error. */
typedef struct lws_abs_transport {
	const char *name;	/**< its name */
	int alloc;		/**< bytes of memory for each connection */

	int (*create)(lws_abs_t *abs);			/**< a connection begins */
	void (*destroy)(lws_abs_transport_inst_t **d);	/**< a connection ended */

	int (*compare)(lws_abs_t *abs1, lws_abs_t *abs2); /**< 0 if both lead to the same peer in the same way */

	int (*tx)(lws_abs_transport_inst_t *d, uint8_t *buf, size_t len);	/**< send bytes */
	int (*client_conn)(const lws_abs_t *abs);		/**< connect */
	int (*close)(lws_abs_transport_inst_t *d);		/**< disconnect */
	int (*ask_for_writeable)(lws_abs_transport_inst_t *d);	/**< the protocol wants to send */
	int (*set_timeout)(lws_abs_transport_inst_t *d, int reason, int secs);	/**< as lws_set_timeout() */
	int (*state)(lws_abs_transport_inst_t *d);		/**< nonzero while it is connected */
} lws_abs_transport_t;

/**
 * lws_abs_transport_get_by_name() - find a transport
 *
 * \param name: its name
 *
 * Returns NULL if there is none of that name.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN const lws_abs_transport_t *
lws_abs_transport_get_by_name(const char *name);
///@}

#include <libwebsockets/abstract/transports/raw-skt.h>
#include <libwebsockets/abstract/transports/unit-test.h>

#endif
