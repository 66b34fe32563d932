/*
 * Shared parts of the load generator: options, sockets, the WebSocket client
 * handshake, latency figures, and the reading of the server's own counters.
 * It uses no WebSocket or HTTP library, so that it measures both sides alike.
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
/* Milliseconds an epoll_wait may sleep without missing a phase change. */
int phase_wait(void);

void latency_record(uint64_t nanoseconds);

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

void epoll_set(int epoll, int operation, int fd, uint32_t events, void *data);

void run_echo(void);
void run_http(void);
void run_churn(void);
void run_idle(void);

void report(const char *extra_format, ...)
	__attribute__((format(printf, 1, 2)));

#endif
