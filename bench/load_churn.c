/*
 * The life of connections: churn opens, upgrades and closes with the close
 * handshake over and over; idle holds many open and weighs the server.
 */

#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
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
send_all(struct connection *connection, const void *data, size_t length)
{
	if (send(connection->fd, data, length, MSG_NOSIGNAL) != (ssize_t)length)
		fail("send: %s", strerror(errno));
}

static void
advance(struct connection *connection, int epoll)
{
	const char *request;
	size_t length;
	ssize_t count;

	if (connection->state == CONNECTING) {
		request = upgrade_request(&length);
		send_all(connection, request, length);
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
		send_all(connection, close_frame, sizeof(close_frame));
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

/* Connections opened before weighing, so that one-time costs do not count. */
#define IDLE_BASE 100

void
run_idle(void)
{
	int total = options.connections + IDLE_BASE, index;
	int *fds = calloc((size_t)total, sizeof(*fds));
	uint64_t before, after;
	char byte;

	if (!fds)
		fail("out of memory");
	for (index = 0; index < IDLE_BASE; index++)
		fds[index] = open_websocket();
	settle();
	before = server_resident();
	figures.started = now();
	for (; index < total; index++)
		fds[index] = open_websocket();
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
