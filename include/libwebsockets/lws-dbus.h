#ifndef GOLWS_LWS_DBUS_H
#define GOLWS_LWS_DBUS_H

/** \defgroup dbus D-Bus on the event loop
 *
 * libwebsockets.h does not include this header: a program that wants it includes it itself, after libwebsockets.h, and
 * has the headers of libdbus.
 *
 * The functions let the event loop of a context watch the descriptors of libdbus and keep its timeouts. Its callbacks
 * happen in the service thread.
 */
///@{

#include <dbus/dbus.h>

#ifdef __cplusplus
extern "C" {
#endif

/** For programs: a function for a method. Sets reply to what is to be sent back; d is the program's. */
typedef DBusHandlerResult (*lws_dbus_message_handler)(DBusConnection *conn,
			   DBusMessage *message, DBusMessage **reply, void *d);

struct lws_dbus_ctx;
/** A connection has closed: end using it and free its struct. */
typedef void (*lws_dbus_closing_t)(struct lws_dbus_ctx *ctx);

/**
 * A connection or a server. In the program's memory; zero it, then set vh, tsi and what is of use. It must stay
 * until cb_closing.
 */
struct lws_dbus_ctx {
	struct lws_dll2_owner	owner;		/**< of a server: its connections */
	struct lws_dll2		next;		/**< of a connection: in owner of its server */
	struct lws_vhost	*vh;		/**< the vhost it belongs to */
	int			tsi;		/**< index of the service thread */
	DBusConnection		*conn;		/**< the connection */
	DBusServer		*dbs;		/**< the server */
	DBusWatch		*w[4];		/**< what libdbus waits for: the library's */
	DBusPendingCall		*pc;		/**< for the program: a call that waits for its reply */

	char			hup;		/**< it was closed by the peer: the library's */
	char			timeouts;	/**< how many timeouts libdbus has: the library's */

	lws_dbus_closing_t	cb_closing;	/**< called when it has closed */
};

/**
 * lws_dbus_connection_setup() - put a connection of libdbus on the event loop
 *
 * \param ctx: what belongs to it
 * \param conn: the connection; the program keeps its reference
 * \param cb_closing: called when it has closed; NULL: nothing to do
 *
 * Returns 0, or nonzero if there is no memory.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_dbus_connection_setup(struct lws_dbus_ctx *ctx, DBusConnection *conn,
			  lws_dbus_closing_t cb_closing);

/**
 * lws_dbus_server_listen() - make a server of libdbus on the event loop
 *
 * \param ctx: what belongs to it
 * \param ads: where it listens, e.g. "unix:path=/run/example"
 * \param err: gets what went wrong
 * \param new_conn: called for each new connection, which it may give to lws_dbus_connection_setup()
 *
 * Returns the server, which the program owns a reference to, or NULL.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN DBusServer *
lws_dbus_server_listen(struct lws_dbus_ctx *ctx, const char *ads,
		       DBusError *err, DBusNewConnectionFunction new_conn);

#ifdef __cplusplus
}
#endif
///@}

#endif
