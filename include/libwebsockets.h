/** @file
 * The C interface of the library. A program includes this header and links libwebsockets.so.18 or
 * libwebsockets.a.
 *
 * The interface is that of libwebsockets 4.2: the same names, types, values and layouts, so programs written
 * for it compile unchanged. A function whose text says `Not implemented yet.` is not in the library, nor is one
 * that is `Not in this configuration.` (upstream's library, as distributions configure it, has none either): a
 * program that needs it fails when it is linked, not when it runs.
 *
 * What holds for every function unless it says otherwise
 * ------------------------------------------------------
 *
 * Threads. Any function may be called from any thread. A call that concerns a context, a vhost or a
 * connection waits until the thread that services it is between two callbacks; called inside a callback it
 * does not wait. So do not call from another thread while you hold a lock that one of your callbacks takes,
 * with these exceptions, which never wait: lws_callback_on_writable() and its variants, lws_cancel_service()
 * and lws_cancel_service_pt(). lws_cancel_service() may even be called from a signal handler. Callbacks of
 * one service thread never run at the same time. Objects that belong to no context, vhost or connection (keys, parsers,
 * lists, drivers of hardware, ...) have no lock: one thread at a time uses each.
 *
 * Processes. The library starts no thread before the first context is created, so a program may fork() and
 * daemonize before. In a child forked after that, contexts of the parent are unusable: calls return an error
 * and log why.
 *
 * Pointers to struct lws, struct lws_vhost and struct lws_context are handles. One that is NULL, stale or
 * foreign gives an error return and a log line, never undefined behaviour; functions that return void do
 * nothing then. A struct lws * is valid until LWS_CALLBACK_WSI_DESTROY for it has returned, a struct
 * lws_vhost * until its vhost is destroyed, a struct lws_context * until lws_context_destroy() has returned.
 *
 * Memory. The library keeps no pointer to an argument after the call, except where the text says so
 * (configuration given to lws_create_context() and lws_create_vhost(), user pointers, timers). A returned
 * pointer belongs to the library and is valid as long as the object it was asked of, unless the text says
 * otherwise.
 *
 * Reception. What a callback gets in `in` is followed by a NUL byte that `len` does not count, so it can be
 * printed with %s. It is valid during the callback only.
 *
 * Sending. Any number of lws_write() calls in one callback is fine: each is queued as a whole or fails. The
 * buffer is never modified. LWS_PRE bytes before it are accepted and never needed.
 *
 * Times are in the unit the name says; lws_usec_t is microseconds.
 *
 * The end of a connection. Its protocol is unbound (LWS_CALLBACK_WS_SERVER_DROP_PROTOCOL,
 * LWS_CALLBACK_HTTP_DROP_PROTOCOL), then comes exactly one closing callback (LWS_CALLBACK_CLOSED for
 * WebSocket, LWS_CALLBACK_CLOSED_HTTP for HTTP), then LWS_CALLBACK_WSI_DESTROY.
 */
#ifndef GOLWS_LIBWEBSOCKETS_H
#define GOLWS_LIBWEBSOCKETS_H

/* Programs are used to get the usual headers with this one, some of them through OpenSSL's. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
/** Windows has no user and group numbers: the members that have these types are ignored there. */
typedef int uid_t;
/** Windows has no user and group numbers: the members that have these types are ignored there. */
typedef int gid_t;
#else
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#endif
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include <lws_config.h>

#if defined(LWS_SUPPRESS_DEPRECATED_API_WARNINGS)
#define OPENSSL_USE_DEPRECATED
#endif

/*
 * Programs rely on getting these two through this header. The library itself needs neither, so where they are
 * not installed the types that the interface mentions are declared and nothing else is. A program that does not want
 * OpenSSL's headers here defines LWS_WITHOUT_OPENSSL_HEADERS; it may include them itself, before or after.
 * opensslconf.h differs between machines: a cross compiler may see the first header without this one.
 */
#ifdef __has_include
#if __has_include(<sys/capability.h>)
#include <sys/capability.h>
#endif
#if !defined(LWS_WITHOUT_OPENSSL_HEADERS) && __has_include(<openssl/ssl.h>) && \
	__has_include(<openssl/opensslconf.h>)
#include <openssl/err.h>
#include <openssl/ssl.h>
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The same types again after OpenSSL's headers would be no error, but before C11 it is not standard. The guards are
 * those of OpenSSL 3, of OpenSSL 1 and LibreSSL, and of BoringSSL.
 */
#if !defined(OPENSSL_TYPES_H) && !defined(HEADER_OPENSSL_TYPES_H) && !defined(OPENSSL_HEADER_BASE_H)
/** OpenSSL's context type, as the interface mentions it. The library has its own TLS and makes no such object. */
typedef struct ssl_ctx_st SSL_CTX;
/** OpenSSL's connection type, as the interface mentions it. The library has its own TLS and makes no such object. */
typedef struct ssl_st SSL;
#endif

/** An integer as wide as a pointer. */
#define lws_intptr_t intptr_t

/** A position or length in a file or a message body, bytes. */
typedef unsigned long long lws_filepos_t;
/** A signed distance in a file, bytes; negative results are errors. */
typedef long long lws_fileofs_t;
/** Flags of an open file, see struct lws_fop_fd. */
typedef uint32_t lws_fop_flags_t;
/** A time or an interval in microseconds; CLOCK_MONOTONIC where it is a time. */
typedef int64_t lws_usec_t;
/** A socket descriptor. */
typedef int lws_sockfd_type;
/** A file descriptor. */
typedef int lws_filefd_type;

/** Microseconds in a second. */
#define LWS_US_PER_SEC ((lws_usec_t)1000000)
/** Milliseconds in a second. */
#define LWS_MS_PER_SEC ((lws_usec_t)1000)
/** Microseconds in a millisecond. */
#define LWS_US_PER_MS ((lws_usec_t)1000)
/** Nanoseconds in a microsecond. */
#define LWS_NS_PER_US ((lws_usec_t)1000)
/** 2^10 */
#define LWS_KI (1024)
/** 2^20 */
#define LWS_MI (LWS_KI * 1024)
/** 2^30 */
#define LWS_GI (LWS_MI * 1024)
/** 2^40 */
#define LWS_TI ((uint64_t)LWS_GI * 1024)
/** 2^50 */
#define LWS_PI ((uint64_t)LWS_TI * 1024)
/** Microseconds to whole milliseconds, rounded down. */
#define LWS_US_TO_MS(x) ((x) / LWS_US_PER_MS)

/** The inline keyword of the compiler. */
#define LWS_INLINE inline

/** Open flags for lws_vfs_file_open() and lws_open(): those of open(2). */
#define LWS_O_RDONLY O_RDONLY
#define LWS_O_WRONLY O_WRONLY
#define LWS_O_CREAT O_CREAT
#define LWS_O_TRUNC O_TRUNC

/** No file descriptor. */
#define LWS_INVALID_FILE -1
/** No socket descriptor. */
#define LWS_SOCK_INVALID (-1)

/** The compiler warns where the result is thrown away. */
#define LWS_WARN_UNUSED_RESULT __attribute__((warn_unused_result))
/** The compiler warns where it is used; the text names what to use instead. */
#define LWS_WARN_DEPRECATED __attribute__((deprecated))
/** The argument with this number is a printf format for the arguments after it. */
#ifdef __MINGW32__
/* the library's own formatting is that of C99, the C library's of Windows may not be */
#define LWS_FORMAT(string_index) __attribute__((format(gnu_printf, string_index, string_index + 1)))
#else
#define LWS_FORMAT(string_index) __attribute__((format(printf, string_index, string_index + 1)))
#endif

/**
 * Linkage of public functions. LWS_BUILDING_SHARED is defined while a shared object that exports them is
 * compiled.
 */
#if defined(LWS_BUILDING_SHARED)
#define LWS_VISIBLE __attribute__((visibility("default")))
#define LWS_EXTERN extern
#else
#define LWS_VISIBLE
#define LWS_EXTERN
#endif

/**
 * Mutexes that programs declare only where several service threads exist. LWS_MAX_SMP is 1, so they expand to
 * nothing.
 */
#define lws_pthread_mutex(name)
#define lws_pthread_mutex_init(_a)
#define lws_pthread_mutex_destroy(_a)
#define lws_pthread_mutex_lock(_a)
#define lws_pthread_mutex_unlock(_a)

/** For lws_context_creation_info.port: the vhost does not listen. */
#define CONTEXT_PORT_NO_LISTEN -1
/** For lws_context_creation_info.port: a server vhost that does not listen; its connections come by other means. */
#define CONTEXT_PORT_NO_LISTEN_SERVER -2

#ifndef lws_container_of
/**
 * lws_container_of() - from a member to the struct it is in
 *
 * \param P: pointer to the member
 * \param T: type of the struct
 * \param M: name of the member
 */
#define lws_container_of(P, T, M) ((T *)((char *)(P) - offsetof(T, M)))
#endif

/** Rounds the integer variable x up, in place, to a multiple of bou. */
#define LWS_ALIGN_TO(x, bou) ((x) = (((x) + (bou) - 1) / (bou)) * (bou))

/** Markers of interface features that programs test with \#ifdef. */
#define LWS_FEATURE_SERVE_HTTP_FILE_HAS_OTHER_HEADERS_ARG
#define LWS_FEATURE_PROTOCOLS_HAS_ID_FIELD
#define LWS_FEATURE_PROTOCOLS_HAS_PEER_WRITE_ALLOWANCE
#define LWS_FEATURE_SERVE_HTTP_FILE_HAS_OTHER_HEADERS_LEN
#define LWS_FEATURE_FOPS

/** The poll structure of the platform, as in `struct lws_pollfd`. */
#define lws_pollfd pollfd
/** Events of a poll structure: gone or broken, readable, writable. */
#define LWS_POLLHUP (POLLHUP | POLLERR)
#define LWS_POLLIN (POLLIN)
#define LWS_POLLOUT (POLLOUT)

/**
 * Filling a char array piece by piece with a variable _l that counts the bytes left: lws_concat_temp() is
 * where the next piece goes, lws_concat_used() how many bytes are filled.
 */
#define lws_concat_temp(_t, _l) (&(_t)[sizeof(_t) - (_l)])
#define lws_concat_used(_t, _l) (sizeof(_t) - (_l))

/** A connection, also called wsi: HTTP or WebSocket. */
struct lws;
/** Everything one lws_create_context() made: vhosts, connections, timers, the event loop. */
struct lws_context;
/** A virtual host: a listening port or a name on one, with its protocols and mounts. */
struct lws_vhost;
struct lws_sequencer;
struct lws_dsh;
/** A secure stream. */
struct lws_ss_handle;
/** A secure stream. */
struct lws_ss_handle;

/** A context. */
typedef struct lws_context *lws_ctx_t;

/**
 * What the callbacks LWS_CALLBACK_ADD_POLL_FD, _DEL_POLL_FD, _CHANGE_MODE_POLL_FD, _LOCK_POLL and
 * _UNLOCK_POLL get in `in`.
 */
struct lws_pollargs {
	/** the descriptor */
	lws_sockfd_type fd;
	/** the events to wait for from now on, POLLIN and POLLOUT */
	int events;
	/** the events waited for until now; meaningful for CHANGE_MODE */
	int prev_events;
};

#include <libwebsockets/lws-logs.h>
#include <libwebsockets/lws-dll2.h>
#include <libwebsockets/lws-fault-injection.h>
#include <libwebsockets/lws-timeout-timer.h>
#include <libwebsockets/lws-smd.h>
#include <libwebsockets/lws-state.h>
#include <libwebsockets/lws-retry.h>
#include <libwebsockets/lws-adopt.h>
#include <libwebsockets/lws-network-helper.h>
#include <libwebsockets/lws-metrics.h>
#include <libwebsockets/lws-system.h>
#include <libwebsockets/lws-ws-close.h>
#include <libwebsockets/lws-callbacks.h>
#include <libwebsockets/lws-ws-state.h>
#include <libwebsockets/lws-ws-ext.h>
#include <libwebsockets/lws-protocols-plugins.h>
#include <libwebsockets/lws-context-vhost.h>
#include <libwebsockets/lws-conmon.h>
#include <libwebsockets/lws-mqtt.h>
#include <libwebsockets/lws-client.h>
#include <libwebsockets/lws-keep-connected.h>
#include <libwebsockets/lws-http.h>
#include <libwebsockets/lws-spa.h>
#include <libwebsockets/lws-purify.h>
#include <libwebsockets/lws-misc.h>
#include <libwebsockets/lws-dsh.h>
#include <libwebsockets/lws-service.h>
#include <libwebsockets/lws-write.h>
#include <libwebsockets/lws-writeable.h>
#include <libwebsockets/lws-ring.h>
#include <libwebsockets/lws-sha1-base64.h>
#include <libwebsockets/lws-x509.h>
#include <libwebsockets/lws-cgi.h>
#include <libwebsockets/lws-vfs.h>
#include <libwebsockets/lws-lejp.h>
#include <libwebsockets/lws-struct.h>
#include <libwebsockets/lws-threadpool.h>
#include <libwebsockets/lws-tokenize.h>
#include <libwebsockets/lws-lwsac.h>
#include <libwebsockets/lws-fts.h>
#include <libwebsockets/lws-diskcache.h>
#include <libwebsockets/lws-sequencer.h>
#include <libwebsockets/lws-secure-streams.h>
#include <libwebsockets/lws-secure-streams-policy.h>
#include <libwebsockets/lws-secure-streams-client.h>
#include <libwebsockets/abstract/abstract.h>
#include <libwebsockets/lws-test-sequencer.h>
#include <libwebsockets/lws-async-dns.h>
#include <libwebsockets/lws-tls-sessions.h>
#include <libwebsockets/lws-gencrypto.h>
#include <libwebsockets/lws-genhash.h>
#include <libwebsockets/lws-genrsa.h>
#include <libwebsockets/lws-genaes.h>
#include <libwebsockets/lws-genec.h>
#include <libwebsockets/lws-jwk.h>
#include <libwebsockets/lws-jose.h>
#include <libwebsockets/lws-jws.h>
#include <libwebsockets/lws-jwe.h>
#include <libwebsockets/lws-eventlib-exports.h>
#include <libwebsockets/lws-i2c.h>
#include <libwebsockets/lws-spi.h>
#include <libwebsockets/lws-gpio.h>
#include <libwebsockets/lws-bb-i2c.h>
#include <libwebsockets/lws-bb-spi.h>
#include <libwebsockets/lws-button.h>
#include <libwebsockets/lws-led.h>
#include <libwebsockets/lws-pwm.h>
#include <libwebsockets/lws-display.h>
#include <libwebsockets/lws-ssd1306-i2c.h>
#include <libwebsockets/lws-ili9341-spi.h>
#include <libwebsockets/lws-settings.h>
#include <libwebsockets/lws-netdev.h>

#ifdef __cplusplus
}
#endif

#endif
