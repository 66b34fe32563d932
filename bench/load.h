/*
 * Shared parts of the load generator: options, sockets, the WebSocket client
 * handshake, latency figures, and the reading of the server's own counters.
 * It uses no WebSocket or HTTP library, so that it measures both sides alike.
 * TLS is OpenSSL's.
 */

#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define RECEIVE_SIZE (1024 * 1024)
#define EVENTS_PER_WAIT 256

struct options {
	const char *mode;
	const char *host;
	const char *path;
	const char *protocol;
	const char *expect;
	int port;
	int connections;
	size_t payload;
	int in_flight;
	int tls;
	int tls_version; /* 12, 13, or 0 for either */
	const char *groups;
	const char *stalled;
	int stalled_connections;
	double warmup;
	double duration;
	pid_t server;
};

extern struct options options;

/* One buffer for everybody: a connection keeps no bytes between two reads. */
extern unsigned char receive_buffer[RECEIVE_SIZE];

struct figures {
	uint64_t operations;
	uint64_t bytes;
	uint64_t started;
	uint64_t ended;
	uint64_t cpu_started;
	uint64_t cpu_ended;
	uint64_t user_started, user_ended;
	uint64_t system_started, system_ended;
};

extern struct figures figures;

/* Prints the reason and ends the process: a wrong answer voids the run. */
void fail(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

uint64_t now(void);

/* Phases: warm-up, then measuring, then stop. */
void phase_begin(void);
/* Returns 0 when the run is over; switches from warm-up to measuring. */
int phase_continues(uint64_t time);
int phase_measuring(void);
/* Measures once more, after another warm-up. */
void phase_again(void);
/* Milliseconds an epoll_wait may sleep without missing a phase change. */
int phase_wait(void);

void latency_record(uint64_t nanoseconds);
/* In µs. */
double latency_percentile(double part);

/* Resident memory of the server in bytes. */
uint64_t server_resident(void);

int connect_socket(int blocking);
void set_blocking(int fd, int blocking);
/* Renders the upgrade request once; the key is fixed and so is its answer. */
const char *upgrade_request(size_t *length);
/* Checks a complete response head; returns its length, 0 if incomplete. */
size_t upgrade_response(const char *head, size_t length);
/* Connects and upgrades, blocking, and leaves the socket non-blocking. */
int open_websocket(void);

/* Connects, sends one GET, reads its answer, and leaves the connection open. */
int open_answered(void);

void epoll_set(int epoll, int operation, int fd, uint32_t events, void *data);

/*
 * A connection's TLS; NULL stands for a plain socket in receive_some() and
 * send_all(). Certificates are not verified and sessions never resumed.
 */
typedef struct ssl_st TLS;

TLS *tls_begin(int fd);
/* Blocking handshake on a blocking socket. */
TLS *tls_open(int fd);
/* 1: done, 0: wait for input (or for *wants_output), never fails quietly. */
int tls_handshake(TLS *tls, int *wants_output);
/* Says close_notify. */
void tls_farewell(TLS *tls);
void tls_free(TLS *tls);
/* One line for the report: version, cipher, group, certificate. */
const char *tls_negotiated(TLS *tls);

/* As recv(), without flags; -1 with EAGAIN when nothing is there. */
ssize_t receive_some(int fd, TLS *tls, void *data, size_t size);
void send_all(int fd, TLS *tls, const void *data, size_t length);

/* Opens the connections of --stalled, which stay open. */
void open_stalled(void);

void run_handshake(void);
void run_echo(void);
void run_http(void);
void run_churn(void);
void run_idle(int (*open_connection)(void));

void report(const char *extra_format, ...)
	__attribute__((format(printf, 1, 2)));

#endif
