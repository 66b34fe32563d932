/*
 * Connections as the program sees them. Accessors read the mirror in the handle and do not cross into Go.
 */
#include <sys/socket.h>

#include "client.h"
#include "keep_connected.h"
#include "scratch.h"

/* Longer messages are worth a crossing, which spares them a copy. */
#define GOLWS_DEFERRED_LENGTH 4096

int golws_wsi_bind(struct lws *wsi, const struct lws_protocols *protocol, size_t session_size)
{
	golws_wsi_release_user(wsi);
	wsi->protocol = protocol;
	wsi->callback = (golws_callback)protocol->callback;
	if (!session_size || wsi->user)
		return 0;
	wsi->user = calloc(1, session_size);
	if (!wsi->user) {
		lwsl_err("no memory for %zu bytes of session data\n", session_size);
		return -1;
	}
	wsi->user_owned = 1;
	return 0;
}

void golws_wsi_release_user(struct lws *wsi)
{
	if (!wsi->user_owned)
		return; /* lws_set_wsi_user: the program's for the whole life of the connection */
	free(wsi->user);
	wsi->user = NULL;
	wsi->user_owned = 0;
}

/* The user pointer is the peer's address here, since the connection has no session yet. */
static int filter_network_connection(struct lws *wsi)
{
	struct lws_filter_network_conn_args args;

	memset(&args, 0, sizeof(args));
	args.accept_fd = wsi->fd;
	args.clilen = sizeof(args.cli_addr);
	if (getpeername(wsi->fd, (struct sockaddr *)&args.cli_addr, &args.clilen))
		args.clilen = 0;
	return wsi->callback ? wsi->callback(wsi, LWS_CALLBACK_FILTER_NETWORK_CONNECTION, &args,
					     (void *)(intptr_t)wsi->fd, 0)
			     : 0;
}

int golws_wsi_call(struct lws *wsi, int reason, void *in, size_t len)
{
	golws_callback callback = wsi->callback;
	struct golws_thread *thread = wsi->thread;
	struct lws *outer;
	int result;

	if (reason == LWS_CALLBACK_CONNECTING && !golws_has_connecting)
		return 0;
	/* Upstream gives these to the vhost's first protocol, whatever the connection is bound to. */
	if (reason == LWS_CALLBACK_WSI_DESTROY || reason == LWS_CALLBACK_CLIENT_CONFIRM_EXTENSION_SUPPORTED)
		callback = (golws_callback)wsi->vhost->protocols[0].callback;
	if (reason == LWS_CALLBACK_FILTER_NETWORK_CONNECTION)
		return filter_network_connection(wsi);
	if (!callback)
		return 0;
	outer = thread->current;
	thread->current = wsi;
	result = callback(wsi, reason, wsi->user, in, len);
	if (__builtin_expect(golws_runtime_forked, 0))
		golws_service_leave_child(thread);
	thread->current = outer;
	if (wsi->client && wsi->client->kept)
		golws_keep_connected_observe(wsi, reason, in, len, result);
	return result;
}

/*
 * Calls the program with an event that it often answers by a request for a writable callback. asked tells whether it
 * did, without the request having gone the way that those of other threads go.
 */
static int call_answering(struct lws *wsi, int reason, void *in, size_t len, int *asked)
{
	uint8_t outer_answering = wsi->answering, outer_asked = wsi->asked;
	int result;

	/* Other threads look at it, to find that it does not concern them. */
	__atomic_store_n(&wsi->answering, 1, __ATOMIC_RELAXED);
	wsi->asked = 0;
	result = golws_wsi_call(wsi, reason, in, len);
	*asked = wsi->asked;
	__atomic_store_n(&wsi->answering, outer_answering, __ATOMIC_RELAXED);
	wsi->asked = outer_asked;
	return result;
}

/*
 * A program that has several messages to send writes one in each callback and asks for the next. As long as its
 * messages are deferred, that needs no crossing.
 */
int golws_wsi_call_writable(struct lws *wsi, int reason)
{
	struct golws_thread *thread = wsi->thread;
	int result, asked, calls = 0;
	uint32_t used;

	do {
		used = thread->deferred_used;
		result = call_answering(wsi, reason, NULL, 0, &asked);
	} while (!result && asked && thread->deferred_used > used && thread->deferred_used < GOLWS_DEFERRED_SIZE / 2 &&
		 ++calls < 64 && (wsi->mirror & GOLWS_MIRROR_DEFER));
	if (asked)
		lws_callback_on_writable(wsi);
	return result;
}

/*
 * A program that answers a message asks for a writable callback and writes there. Where the connection takes output,
 * that callback follows without a crossing.
 */
int golws_wsi_call_message(struct lws *wsi, int reason, void *in, size_t len)
{
	const uint32_t both = GOLWS_MIRROR_DEFER | GOLWS_MIRROR_ANSWER;
	int asked, result = call_answering(wsi, reason, in, len, &asked);

	if (!asked)
		return result;
	if (!result && (wsi->mirror & both) == both)
		return golws_wsi_call_writable(wsi, reason == LWS_CALLBACK_RECEIVE ? LWS_CALLBACK_SERVER_WRITEABLE
										   : LWS_CALLBACK_CLIENT_WRITEABLE);
	lws_callback_on_writable(wsi);
	return result;
}

/* Whether lws_write need not cross with this kind: whole messages of WebSocket, pieces of a response of HTTP. */
static int deferrable(const struct lws *wsi, int kind)
{
	switch (kind) {
	case LWS_WRITE_TEXT:
	case LWS_WRITE_BINARY:
		return !(wsi->mirror & GOLWS_MIRROR_HTTP);
	case LWS_WRITE_HTTP:
	case LWS_WRITE_HTTP_FINAL:
	case LWS_WRITE_HTTP_HEADERS:
		return wsi->mirror & GOLWS_MIRROR_HTTP;
	default:
		return 0;
	}
}

/* Returns nonzero if the message was taken. */
static int defer(struct lws *wsi, const void *buf, size_t len, int kind)
{
	struct golws_thread *thread = wsi->thread;
	size_t size = sizeof(struct golws_deferred) + ((len + 7) & ~(size_t)7);
	struct golws_deferred *d;

	if (!(wsi->mirror & GOLWS_MIRROR_DEFER) || !deferrable(wsi, kind) ||
	    len > GOLWS_DEFERRED_LENGTH || thread->current != wsi || !golws_thread_is_mine(thread) ||
	    thread->deferred_used + size > GOLWS_DEFERRED_SIZE)
		return 0;
	d = (struct golws_deferred *)(thread->deferred + thread->deferred_used);
	d->slot = wsi->slot;
	d->kind = (uint32_t)kind;
	d->length = len;
	memcpy(d + 1, buf, len);
	thread->deferred_used += (uint32_t)size;
	return 1;
}

int golws_wsi_call_fill(struct lws *wsi, int reason, char *space, int used, int size, int final, int *result)
{
	struct lws_process_html_args args = {.p = space, .len = used, .max_len = size, .final = final};
	unsigned char *position = (unsigned char *)space + used;

	if (reason == LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER) {
		golws_client_begin_request(wsi);
		*result = golws_wsi_call(wsi, reason, &position, (size_t)(size - used));
		return (int)(position - (unsigned char *)space);
	}
	if (reason == LWS_CALLBACK_ADD_HEADERS) {
		args.p += used;
		args.max_len -= used;
		args.len = 0;
	}
	*result = golws_wsi_call(wsi, reason, &args, 0);
	return reason == LWS_CALLBACK_ADD_HEADERS ? (int)(args.p - space) : args.len;
}

int lws_write(struct lws *wsi, unsigned char *buf, size_t len, enum lws_write_protocol protocol)
{
	int n;

	if (len > INT32_MAX) {
		lwsl_err("%s: length %zu is more than %d\n", __func__, len, INT32_MAX);
		return -1;
	}
	if (!golws_runtime_usable() || !golws_wsi_valid(wsi, __func__))
		return -1;
	if (defer(wsi, buf, len, (int)protocol))
		return (int)len;
	if (!golws_enter(wsi, __func__))
		return -1;
	n = lwsgo_write(wsi->slot, buf, len, (int)protocol);
	golws_leave(wsi);
	return n;
}

int lws_raw_transaction_completed(struct lws *wsi)
{
	int n;

	if (!golws_enter(wsi, __func__))
		return -1;
	n = lwsgo_raw_completed(wsi->slot);
	golws_leave(wsi);
	return n;
}

int lws_send_pipe_choked(struct lws *wsi)
{
	int choked;

	if (!golws_enter(wsi, __func__))
		return 1;
	choked = lwsgo_choked(wsi->slot);
	golws_leave(wsi);
	return choked;
}

int lws_partial_buffered(struct lws *wsi)
{
	int buffered;

	if (!golws_enter(wsi, __func__))
		return 0;
	buffered = lwsgo_partial_buffered(wsi->slot);
	golws_leave(wsi);
	return buffered;
}

int lws_rx_flow_control(struct lws *wsi, int enable)
{
	int result;

	if (!golws_enter(wsi, __func__))
		return -1;
	result = lwsgo_rx_flow_control(wsi->slot, enable);
	golws_leave(wsi);
	return result;
}

void lws_rx_flow_allow_all_protocol(const struct lws_context *context, const struct lws_protocols *protocol)
{
	struct lws_context *c = (struct lws_context *)context;
	struct lws_vhost *vhost;
	int i;

	if (!golws_enter_context(c, __func__))
		return;
	for (vhost = c->vhosts; vhost; vhost = vhost->next)
		for (i = 0; i < vhost->count_protocols; i++)
			if (&vhost->protocols[i] == protocol)
				lwsgo_vhost_rx_flow_allow(vhost->index, i);
	golws_leave_context(c);
}

void lws_set_timeout(struct lws *wsi, enum pending_timeout reason, int secs)
{
	if (!golws_enter(wsi, __func__))
		return;
	if (secs == LWS_TO_KILL_SYNC || secs == LWS_TO_KILL_ASYNC) {
		struct golws_thread *thread = wsi->thread;

		lwsgo_kill(wsi->slot, secs == LWS_TO_KILL_SYNC);
		if (wsi->state != GOLWS_LIVE) {
			golws_thread_unlock(thread);
			return;
		}
	} else
		lwsgo_set_timeout_us(wsi->slot, (int)reason, (int64_t)secs * LWS_US_PER_SEC);
	golws_leave(wsi);
}

void lws_set_timer_usecs(struct lws *wsi, lws_usec_t usecs)
{
	if (!golws_enter(wsi, __func__))
		return;
	lwsgo_set_timer_us(wsi->slot, usecs == LWS_SET_TIMER_USEC_CANCEL ? -1 : usecs);
	golws_leave(wsi);
}

void lws_validity_confirmed(struct lws *wsi)
{
	if (!golws_enter(wsi, __func__))
		return;
	lwsgo_validity_confirmed(wsi->slot);
	golws_leave(wsi);
}

void *lws_wsi_user(struct lws *wsi)
{
	return golws_wsi_readable(wsi, __func__) ? wsi->user : NULL;
}

void lws_set_wsi_user(struct lws *wsi, void *user)
{
	if (!golws_wsi_readable(wsi, __func__))
		return;
	golws_wsi_release_user(wsi);
	wsi->user = user;
}

void *lws_adjust_protocol_psds(struct lws *wsi, size_t new_size)
{
	void *bigger;

	if (!golws_wsi_valid(wsi, __func__))
		return NULL;
	bigger = calloc(1, new_size ? new_size : 1);
	if (!bigger)
		return NULL;
	golws_wsi_release_user(wsi);
	wsi->user = bigger;
	wsi->user_owned = 1;
	return bigger;
}

struct lws_context *lws_get_context(const struct lws *wsi)
{
	return golws_wsi_readable(wsi, __func__) ? wsi->context : NULL;
}

struct lws_vhost *lws_get_vhost(struct lws *wsi)
{
	return golws_wsi_readable(wsi, __func__) ? wsi->vhost : NULL;
}

const struct lws_protocols *lws_get_protocol(struct lws *wsi)
{
	return golws_wsi_readable(wsi, __func__) ? wsi->protocol : NULL;
}

const struct lws_protocols *lws_protocol_get(struct lws *wsi)
{
	return lws_get_protocol(wsi);
}

int lws_wsi_tsi(struct lws *wsi)
{
	return golws_wsi_valid(wsi, __func__) ? wsi->thread->tsi : 0;
}

int lws_get_tsi(struct lws *wsi)
{
	return lws_wsi_tsi(wsi);
}

struct lws *lws_get_parent(const struct lws *wsi)
{
	return golws_wsi_valid(wsi, __func__) ? wsi->parent : NULL;
}

struct lws *lws_get_child(const struct lws *wsi)
{
	return golws_wsi_valid(wsi, __func__) ? wsi->child : NULL;
}

struct lws *lws_get_network_wsi(struct lws *wsi)
{
	if (!golws_wsi_valid(wsi, __func__))
		return NULL;
	return wsi->network ? wsi->network : wsi;
}

void *lws_get_opaque_parent_data(const struct lws *wsi)
{
	return golws_wsi_valid(wsi, __func__) ? wsi->opaque_parent_data : NULL;
}

void lws_set_opaque_parent_data(struct lws *wsi, void *data)
{
	if (golws_wsi_valid(wsi, __func__))
		wsi->opaque_parent_data = data;
}

void *lws_get_opaque_user_data(const struct lws *wsi)
{
	return golws_wsi_readable(wsi, __func__) ? wsi->opaque_user_data : NULL;
}

void lws_set_opaque_user_data(struct lws *wsi, void *data)
{
	if (golws_wsi_valid(wsi, __func__))
		wsi->opaque_user_data = data;
}

int lws_get_child_pending_on_writable(const struct lws *wsi)
{
	return golws_wsi_valid(wsi, __func__) && __atomic_load_n(&wsi->child_pending, __ATOMIC_RELAXED);
}

void lws_clear_child_pending_on_writable(struct lws *wsi)
{
	if (golws_wsi_valid(wsi, __func__))
		__atomic_store_n(&wsi->child_pending, 0, __ATOMIC_RELAXED);
}

int lws_is_ssl(struct lws *wsi)
{
	return golws_wsi_valid(wsi, __func__) && (wsi->mirror & GOLWS_MIRROR_TLS) != 0;
}

lws_sockfd_type lws_get_socket_fd(struct lws *wsi)
{
	return golws_wsi_valid(wsi, __func__) ? lws_get_network_wsi(wsi)->fd : -1;
}

size_t lws_remaining_packet_payload(struct lws *wsi)
{
	return golws_wsi_valid(wsi, __func__) ? (size_t)wsi->remaining : 0;
}

int lws_is_final_fragment(struct lws *wsi)
{
	return golws_wsi_valid(wsi, __func__) && wsi->final && !wsi->remaining;
}

int lws_is_first_fragment(struct lws *wsi)
{
	return golws_wsi_valid(wsi, __func__) && wsi->first;
}

int lws_frame_is_binary(struct lws *wsi)
{
	return golws_wsi_valid(wsi, __func__) && wsi->binary;
}

unsigned char lws_get_reserved_bits(struct lws *wsi)
{
	return golws_wsi_valid(wsi, __func__) ? wsi->reserved : 0;
}

/* What HTTP/2 lets through or, on HTTP/1 and on a WebSocket, no limit */
lws_fileofs_t lws_get_peer_write_allowance(struct lws *wsi)
{
	int64_t credit;

	if (!golws_enter(wsi, __func__))
		return -1;
	credit = lwsgo_credit(wsi->slot, 0);
	golws_leave(wsi);
	return credit;
}

static int credit(struct lws *wsi, int peer_to_us, const char *function)
{
	int64_t bytes;

	if (!golws_enter(wsi, function))
		return 0;
	bytes = lwsgo_credit(wsi->slot, peer_to_us);
	golws_leave(wsi);
	if (bytes > INT32_MAX)
		return INT32_MAX;
	return bytes < 0 ? 0 : (int)bytes;
}

static int give_credit(struct lws *wsi, int stream, int bytes, const char *function)
{
	int result;

	if (!golws_enter(wsi, function))
		return 1;
	result = lwsgo_give_credit(wsi->slot, stream, bytes);
	golws_leave(wsi);
	return result;
}

int lws_wsi_tx_credit(struct lws *wsi, char peer_to_us, int add)
{
	if (!add)
		return credit(wsi, peer_to_us == LWSTXCR_PEER_TO_US, __func__);
	if (peer_to_us != LWSTXCR_PEER_TO_US) {
		lwsl_err("%s: what we may send is for the peer to say\n", __func__);
		return 1;
	}
	return give_credit(wsi, LWS_H2_STREAM_SID, add, __func__);
}

int lws_h2_update_peer_txcredit(struct lws *wsi, unsigned int sid, int bump)
{
	return give_credit(wsi, (int)sid, bump, __func__);
}

int lws_h2_get_peer_txcredit_estimate(struct lws *wsi)
{
	return credit(wsi, 1, __func__);
}

/* The text is the thread's and good until its next four tags. */
static const char *tag(const char *kind, uint64_t serial, const char *name)
{
	struct golws_scratch *scratch = golws_scratch();
	char *p = scratch->tags[scratch->next_tag++ % 4];

	snprintf(p, sizeof(scratch->tags[0]), "[%s|%llx%s%s]", kind, (unsigned long long)serial, name ? "|" : "",
		 name ? name : "");
	return p;
}

const char *lws_wsi_tag(struct lws *wsi)
{
	if (!wsi)
		return "[null wsi]";
	return golws_wsi_readable(wsi, __func__)
		       ? tag("wsi", wsi->serial, wsi->protocol ? wsi->protocol->name : NULL)
		       : "[closed wsi]";
}

const char *lws_vh_tag(struct lws_vhost *vhost)
{
	if (!vhost)
		return "[null vh]";
	return golws_vhost_valid(vhost, __func__) ? tag("vh", vhost->index, vhost->name) : "[destroyed vh]";
}
