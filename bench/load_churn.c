/*
 * The life of connections: churn opens, upgrades and closes with the close
 * handshake over and over; idle holds many open and weighs the server.
 */

#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum state { CONNECTING, UPGRADING, CLOSING, DRAINING };

struct connection {
	int fd;
	enum state state;
	uint64_t started_at;
	char input[1024];
	size_t length;
};

/* Close, masked, status 1000, and the server's answer to it. */
static const unsigned char close_frame[8] = { 0x88, 0x82, 1, 2, 3, 4,
					      0x03 ^ 1, 0xe8 ^ 2 };
static const unsigned char close_answer[4] = { 0x88, 0x02, 0x03, 0xe8 };

static void
start(struct connection *connection, int epoll)
{
	connection->started_at = now();
	connection->fd = connect_socket(0);
	connection->state = CONNECTING;
	connection->length = 0;
	epoll_set(epoll, EPOLL_CTL_ADD, connection->fd, EPOLLOUT, connection);
}

static void
advance(struct connection *connection, int epoll)
{
	const char *request;
	size_t length;
	ssize_t count;

	if (connection->state == CONNECTING) {
		request = upgrade_request(&length);
		send_all(connection->fd, NULL, request, length);
		connection->state = UPGRADING;
		epoll_set(epoll, EPOLL_CTL_MOD, connection->fd, EPOLLIN,
			  connection);
		return;
	}

	if (connection->length == sizeof(connection->input))
		fail("too many bytes while closing");
	count = recv(connection->fd, connection->input + connection->length,
		     sizeof(connection->input) - connection->length, 0);
	if (count < 0) {
		if (errno == EAGAIN)
			return;
		fail("recv: %s", strerror(errno));
	}
	if (!count) {
		if (connection->state != DRAINING)
			fail("closed without a close handshake");
		close(connection->fd);
		if (phase_measuring()) {
			figures.operations++;
			latency_record(now() - connection->started_at);
		}
		start(connection, epoll);
		return;
	}
	connection->length += (size_t)count;

	switch (connection->state) {
	case UPGRADING:
		length = upgrade_response(connection->input,
					  connection->length);
		if (!length)
			return;
		if (length != connection->length)
			fail("unexpected bytes after the upgrade");
		connection->length = 0;
		connection->state = CLOSING;
		send_all(connection->fd, NULL, close_frame,
			 sizeof(close_frame));
		return;
	case CLOSING:
		if (connection->length < sizeof(close_answer))
			return;
		if (memcmp(connection->input, close_answer,
			   sizeof(close_answer)))
			fail("not the answer to our close");
		connection->state = DRAINING;
		return;
	default:
		fail("bytes after the close answer");
	}
}

void
run_churn(void)
{
	struct epoll_event events[EVENTS_PER_WAIT];
	struct connection *connections;
	int epoll = epoll_create1(EPOLL_CLOEXEC), index, count;

	connections = calloc((size_t)options.connections, sizeof(*connections));
	if (epoll < 0 || !connections)
		fail("cannot start");
	phase_begin();
	for (index = 0; index < options.connections; index++)
		start(&connections[index], epoll);
	for (;;) {
		count = epoll_wait(epoll, events, EVENTS_PER_WAIT,
				   phase_wait());
		if (count < 0 && errno != EINTR)
			fail("epoll_wait: %s", strerror(errno));
		if (!phase_continues(now()))
			break;
		for (index = 0; index < count; index++)
			advance(events[index].data.ptr, epoll);
	}
	for (index = 0; index < options.connections; index++)
		close(connections[index].fd);
	if (!figures.operations)
		fail("not one connection went through");
	report(NULL);
}

static void
settle(void)
{
	struct timespec pause;

	pause.tv_sec = (time_t)options.warmup;
	pause.tv_nsec = (long)((options.warmup - (double)pause.tv_sec) * 1e9);
	nanosleep(&pause, NULL);
}

int
open_answered(void)
{
	char request[512], answer[4096];
	const char *end, *field;
	size_t have = 0, whole = 0;
	ssize_t count;
	int fd = connect_socket(1), length;
	TLS *tls = tls_open(fd);

	length = snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\n"
			  "Host: %s:%d\r\n\r\n", options.path, options.host,
			  options.port);
	send_all(fd, tls, request, (size_t)length);
	while (!whole || have < whole) {
		count = receive_some(fd, tls, answer + have,
				     sizeof(answer) - 1 - have);
		if (count <= 0)
			fail("answer: %s", count ? strerror(errno) : "closed");
		have += (size_t)count;
		answer[have] = '\0';
		end = strstr(answer, "\r\n\r\n");
		if (!end || whole)
			continue;
		field = strcasestr(answer, "\r\ncontent-length:");
		if (memcmp(answer, "HTTP/1.1 200", 12) || !field || field > end)
			fail("not a 200 with a length: %s", answer);
		whole = (size_t)(end - answer) + 4 +
			strtoul(field + 17, NULL, 10);
		if (whole >= sizeof(answer))
			fail("the answer is too long");
	}
	if (have != whole)
		fail("%zu unexpected bytes after the answer", have - whole);
	set_blocking(fd, 0);
	tls_free(tls);

	return fd;
}

/* Connections opened before weighing, so that one-time costs do not count. */
#define IDLE_BASE 100

void
run_idle(int (*open_connection)(void))
{
	int total = options.connections + IDLE_BASE, index;
	int *fds = calloc((size_t)total, sizeof(*fds));
	uint64_t before, after;
	char byte;

	if (!fds)
		fail("out of memory");
	for (index = 0; index < IDLE_BASE; index++)
		fds[index] = open_connection();
	settle();
	before = server_resident();
	figures.started = now();
	for (; index < total; index++)
		fds[index] = open_connection();
	figures.ended = now();
	settle();
	after = server_resident();

	for (index = 0; index < total; index++)
		if (recv(fds[index], &byte, 1, MSG_PEEK) != -1 ||
		    errno != EAGAIN)
			fail("an idle connection did not stay open and silent");
	figures.operations = (uint64_t)options.connections;
	report(", \"resident_before\": %llu, \"resident_after\": %llu, "
	       "\"bytes_per_connection\": %.1f", (unsigned long long)before,
	       (unsigned long long)after, ((double)after - (double)before) /
		       options.connections);
	for (index = 0; index < total; index++)
		close(fds[index]);
}
