#ifndef GOLWS_ABSTRACT_H
#define GOLWS_ABSTRACT_H

/** \defgroup abstract Protocols that do not know their transport
 *
 * A protocol and a transport, each behind a table of functions, put together by name. So the same protocol runs over
 * a socket and over a transport for tests.
 */
///@{

/** A parameter of a protocol or a transport. A list of them ends with name_index LTMI_END_OF_ARRAY. */
typedef struct lws_token_map {
	union {
		const char	*value;		/**< a text */
		uint8_t		*bvalue;	/**< bytes, length_or_zero of them */
		unsigned long	lvalue;		/**< a number */
	} u;					/**< the value; which member, the parameter says */
	short			name_index;	/**< which parameter */
	short			length_or_zero;	/**< length of bvalue */
} lws_token_map_t;

/** Numbers of parameters. */
enum {
	LTMI_END_OF_ARRAY,			/**< the list ends here */

	LTMI_PROTOCOL_BASE	= 2048,		/**< parameters of protocols start here */

	LTMI_TRANSPORT_BASE	= 4096		/**< parameters of transports start here */
};

struct lws_abs_transport;
struct lws_abs_protocol;
/** A protocol and a transport, with their parameters. */
typedef struct lws_abs lws_abs_t;

/**
 * lws_abs_get_token() - find a parameter in a list
 *
 * \param token_map: the list
 * \param name_index: which
 *
 * Returns it, or NULL if the list does not have it.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN const lws_token_map_t *
lws_abs_get_token(const lws_token_map_t *token_map, short name_index);

/** The memory of a transport for one connection. */
typedef void lws_abs_transport_inst_t;
/** The memory of a protocol for one connection. */
typedef void lws_abs_protocol_inst_t;

/**
 * lws_abstract_alloc() - choose a protocol and a transport
 *
 * \param vhost: the vhost of the connections
 * \param user: a pointer for the program
 * \param abstract_path: their names, "protocol.transport"
 * \param ap_tokens: parameters of the protocol
 * \param at_tokens: parameters of the transport
 * \param seq: NULL, or the sequencer that gets events
 * \param opaque_user_data: passed along with them
 *
 * Makes no connection yet. Returns an object that lws_abstract_free() frees, or NULL if a name is unknown or there is
 * no memory.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN lws_abs_t *
lws_abstract_alloc(struct lws_vhost *vhost, void *user,
		   const char *abstract_path, const lws_token_map_t *ap_tokens,
		   const lws_token_map_t *at_tokens, struct lws_sequencer *seq,
		   void *opaque_user_data);

/**
 * lws_abstract_free() - free what lws_abstract_alloc() made
 *
 * \param pabs: points to it; set to NULL
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN void
lws_abstract_free(lws_abs_t **pabs);

/**
 * lws_abs_bind_and_create_instance() - make a connection
 *
 * \param ai: protocol, transport and parameters; copied
 *
 * Returns the instance, which lws_abs_destroy_instance() frees, or NULL if it cannot be made.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN lws_abs_t *
lws_abs_bind_and_create_instance(const lws_abs_t *ai);

/**
 * lws_abs_destroy_instance() - end a connection
 *
 * \param ai: points to what lws_abs_bind_and_create_instance() made; set to NULL
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN void
lws_abs_destroy_instance(lws_abs_t **ai);
///@}

#include <libwebsockets/abstract/protocols.h>
#include <libwebsockets/abstract/transports.h>

#endif
