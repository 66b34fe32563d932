/*
 * The private layout of the handles that C programs hold: struct lws, struct lws_vhost,
 * struct lws_context. It is shared by the C shims and by the Go packages callbacks and capi, and
 * does not include the public header: the engine must not depend on a version of that.
 *
 * Handles live in regions that are never unmapped, so that a stale pointer can be looked at safely.
 */
#ifndef GOLWS_HANDLES_H
#define GOLWS_HANDLES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct lws;
struct lws_vhost;
struct lws_context;
struct lws_protocols;
struct golws_thread;
struct golws_client;
struct golws_datagram;
struct golws_tls;

/* lws_callback_function with the reason as the int that it is in the ABI */
typedef int (*golws_callback)(struct lws *wsi, int reason, void *user, void *in, size_t len);

enum golws_handle_state {
	GOLWS_FREE = 0,
	GOLWS_LIVE = 0x6c777369,
	GOLWS_PSEUDO = 0x70736575, /* stands for a vhost's protocol where no connection is concerned */
};

/* The bits of struct lws.mirror; the same as conn.Mirror */
enum golws_mirror {
	GOLWS_MIRROR_WEBSOCKET = 1 << 0,
	GOLWS_MIRROR_HTTP = 1 << 1,
	GOLWS_MIRROR_HTTP10 = 1 << 2,
	GOLWS_MIRROR_HTTP_CLOSE = 1 << 3,
	GOLWS_MIRROR_HEAD = 1 << 4,
	GOLWS_MIRROR_TLS = 1 << 5,
	GOLWS_MIRROR_MULTIPLEXED = 1 << 6,
	GOLWS_MIRROR_DEFER = 1 << 7, /* whole messages may be written by golws_deferred */
	GOLWS_MIRROR_ANSWER = 1 << 8, /* a writable callback that is asked for now may follow at once */
};

/*
 * A message that lws_write took without crossing into Go: the Go side sends it when the callback that wrote it returns,
 * or before anything else is done with the connection. The payload follows, padded to 8 bytes.
 */
struct golws_deferred {
	uint32_t slot;
	uint32_t kind; /* enum lws_write_protocol */
	uint64_t length;
};

struct lws {
	uint32_t state; /* enum golws_handle_state */
	uint32_t slot;
	struct lws_context *context;
	struct lws_vhost *vhost;
	const struct lws_protocols *protocol;
	golws_callback callback;
	void *user;
	struct golws_thread *thread;
	struct lws *next_writable; /* in thread->writable */
	uint32_t writable;	   /* 1 while in thread->writable; atomic */
	uint32_t mirror;	   /* enum golws_mirror */
	int fd;
	uint8_t first, final, binary, reserved; /* of the message piece being delivered */
	uint8_t child_pending;			/* a child asked for a writable callback */
	uint8_t user_owned;			/* user was allocated by us */
	uint8_t answering;			/* a callback is under way that may ask for a writable one... */
	uint8_t asked;				/* ... and has. Both are the service thread's */
	uint64_t remaining;			/* bytes of the frame still to come */
	uint64_t serial;			/* for log tags: never used twice in a process */
	void *opaque_user_data;
	void *opaque_parent_data;
	struct lws *parent, *child, *sibling;
	struct lws *network; /* of a stream: the connection that carries it, which is no parent for programs */
	struct golws_client *client; /* what some clients have */
	struct golws_datagram *datagram; /* what connections for datagrams have: adopt.c */
};

/* One list entry of struct lws_protocol_vhost_options as the public header lays it out */
struct golws_pair {
	const struct golws_pair *next;
	const struct golws_pair *options;
	const char *name;
	const char *value;
};

struct lws_vhost {
	uint32_t state;
	uint32_t index;	/* key of the Go side */
	struct lws_context *context;
	struct lws_vhost *next; /* in context->vhosts, in order of creation */
	struct lws_vhost *next_retired;
	char *name;
	char *iface;
	const struct lws_protocols *protocols; /* count_protocols entries and a zeroed one */
	struct lws_protocols *merged;	       /* ours, where the program gave pprotocols */
	void **protocol_private;	       /* lws_protocol_vh_priv_zalloc, one for each protocol */
	unsigned char *protocol_refused;       /* PROTOCOL_INIT failed, one for each protocol */
	uint32_t *writable_all;		       /* per protocol, a bit for each service thread; atomic */
	int count_protocols;
	int port; /* as listening */
	int default_protocol, raw_protocol;
	const void *pvo;     /* struct lws_protocol_vhost_options, the program's */
	const void *headers; /* the same, sent with every response */
	const void *extensions;
	char *server_string;
	void *user;
	uint64_t options;
	int protocols_initialised;
	int being_destroyed;
	void (*finalize)(struct lws_vhost *vh, void *arg);
	void *finalize_arg;
	struct golws_tls *tls; /* tls.c; NULL: the vhost serves no TLS */
	struct golws_client_tls *client_tls; /* tls_client.c; NULL: its connections as a client have none */
	int tls_event_mask;		     /* ssl_info_event_mask */
	struct lws pseudo; /* wsi of vhost-level callbacks */
};

#define GOLWS_MAX_THREADS 32

struct lws_context {
	uint32_t state;
	uint32_t index; /* key of the Go side */
	struct lws_vhost *vhosts, *last_vhost;
	struct lws_vhost *retired; /* destroyed, but with several service threads not freed yet */
	struct golws_thread *threads[GOLWS_MAX_THREADS];
	int count_threads;
	void *user;
	uint64_t options;
	char *server_string;
	const void *fops; /* struct lws_plat_file_ops: platform, or what lws_set_fops gave */
	void *platform_fops;
	int own_fops; /* the program has file operations of its own */
	struct lws_context **pcontext;
	void *external_baggage;
	int uid, gid;
	unsigned int pt_serv_buf_size;
	unsigned int fd_limit_per_thread;
	int secs_since_valid_ping, secs_since_valid_hangup; /* of vhosts that have no policy of their own */
	int timeout_secs; /* of vhosts that have none of their own */
	/* the limits of requests of vhosts that have none of their own */
	int max_http_header_data;
	void *token_limits;		     /* struct lws_token_limits, a copy */
	const void *reject_service_keywords; /* struct lws_protocol_vhost_options */
	char *alpn;			     /* of vhosts that have none of their own, or NULL */
	void *ageing;			     /* tls_ageing.c: the timer that looks at the vhosts' certificates, or NULL */
	char canonical_hostname[128];
	int being_destroyed;
	int destroy_requested; /* from inside a callback */
	int ending;	       /* somebody destroys it now, service threads leave; atomic */
	int lingering;	       /* all is gone but handles of the program in libuv's loop, see event_loop_libuv.c */
	void (*signal_cb)(void *handle, int number); /* of loops of other libraries */
	int protocols_initialised;
	struct golws_system *system; /* system.c */
	int system_started;
	int deprecated; /* atomic */
	int (*reload)(void); /* still to be called, for lws_context_deprecate */
	int external_poll; /* the program polls; atomic */
};

/* vfs_serve.c: a file that the program's own operations opened */
enum { GOLWS_FILE_ABSENT, GOLWS_FILE_REGULAR, GOLWS_FILE_DIRECTORY };

struct golws_served_file {
	int descriptor; /* of a real file */
	void *file;	/* otherwise, to be read whole */
	int64_t size, modified;
};

int golws_served_open(struct lws_context *context, const char *path, struct golws_served_file *served);
/* Reads all of it and closes it. */
int golws_served_read(struct golws_served_file *served, void *buffer);

/* handles.c: regions, allocation with quarantine */
int golws_handles_init(void);
struct lws *golws_wsi_allocate(void);
/* Makes it a child of another one, until either is freed. */
void golws_wsi_link(struct lws *wsi, struct lws *parent);
void golws_wsi_free(struct lws *wsi);
struct lws_vhost *golws_vhost_allocate(void);
void golws_vhost_release(struct lws_vhost *vhost);
struct lws_context *golws_context_allocate(void);
void golws_context_release(struct lws_context *context);

/*
 * Recognise what a program passes as a handle: NULL, garbage and stale handles are logged with the
 * calling function's name and give 0.
 */
int golws_wsi_valid(const struct lws *wsi, const char *function);
int golws_wsi_readable(const struct lws *wsi, const char *function); /* the same, or the pseudo wsi of a vhost */
int golws_vhost_valid(const struct lws_vhost *vhost, const char *function);
int golws_context_valid(const struct lws_context *context, const char *function);

/* wsi.c: what callbacks needs of C */
int golws_wsi_bind(struct lws *wsi, const struct lws_protocols *protocol, size_t session_size);
void golws_wsi_release_user(struct lws *wsi);
int golws_wsi_call(struct lws *wsi, int reason, void *in, size_t len);
int golws_wsi_call_writable(struct lws *wsi, int reason);
int golws_wsi_call_message(struct lws *wsi, int reason, void *in, size_t len);
int golws_wsi_call_fill(struct lws *wsi, int reason, char *space, int used, int size, int final, int *result);

/* tls_event.c: LWS_CALLBACK_SSL_INFO, where the vhost wants it; the judgement of a client's or a server's certificate by a vhost */
int golws_wsi_call_handshake(struct lws *wsi, int done);
int golws_wsi_call_verify(struct lws *wsi, struct lws_vhost *vhost, int server, int valid);

/* adopt.c: the peer of a connection for datagrams, in the kernel's form */
void golws_wsi_set_peer(struct lws *wsi, const void *address, size_t length, int connected);
size_t golws_wsi_peer(const struct lws *wsi, void *address, size_t size);

/* log.c */
void golws_log(int level, const char *text, size_t len);
int lwsl_visible(int level);

#endif
