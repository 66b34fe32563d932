/*
 * HTTP GET over keep-alive connections, one request under way on each. Status,
 * length and every byte of the body are checked against --expect.
 */

#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

struct connection {
	int fd;
	TLS *tls;
	int wake_threshold;
	uint64_t sent_at;
	char head[4096];
	size_t head_length;
	int in_body;
	size_t body_length;
};

static char request[1024];
static size_t request_length;
static const unsigned char *expected;
static size_t expected_length;

static void
map_expected(void)
{
	struct stat status;
	int fd;

	if (!options.expect)
		fail("--expect is needed");
	fd = open(options.expect, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status) || !status.st_size)
		fail("%s: cannot be read", options.expect);
	expected_length = (size_t)status.st_size;
	expected = mmap(NULL, expected_length, PROT_READ,
			MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (expected == MAP_FAILED)
		fail("mmap: %s", strerror(errno));
	close(fd);
}

/*
 * On loopback the sender pays for waking the receiver. While a big body comes
 * in, be woken only for big parts of it: a client across a network would not
 * cost the server any wake-up either.
 */
#define BIG_PART (256 * 1024)
#define TLS_HELD (64 * 1024)

static void
set_wake_threshold(struct connection *connection, size_t left)
{
	int threshold;

	/* OpenSSL may hold the begin of the next record already */
	if (connection->tls)
		left = left > TLS_HELD ? left - TLS_HELD : 1;
	threshold = left < BIG_PART ? (int)left : BIG_PART;
	if (threshold == connection->wake_threshold)
		return;
	connection->wake_threshold = threshold;
	if (setsockopt(connection->fd, SOL_SOCKET, SO_RCVLOWAT, &threshold,
		       sizeof(threshold)))
		fail("SO_RCVLOWAT: %s", strerror(errno));
}

static void
send_request(struct connection *connection, uint64_t time)
{
	connection->head_length = 0;
	connection->in_body = 0;
	connection->body_length = 0;
	connection->sent_at = time;
	if (expected_length > BIG_PART)
		set_wake_threshold(connection, expected_length);
	/* a request is far smaller than any socket buffer */
	send_all(connection->fd, connection->tls, request, request_length);
}

static void
check_head(const char *head, size_t length)
{
	const char *line = head, *end = head + length, *next;
	int seen = 0;

	if (length < 12 || memcmp(head, "HTTP/1.1 200", 12))
		fail("not 200: %.*s", (int)length, head);
	while ((next = memchr(line, '\n', (size_t)(end - line)))) {
		if (!strncasecmp(line, "content-length:", 15)) {
			if (strtoull(line + 15, NULL, 10) != expected_length)
				fail("wrong length: %.*s", (int)length, head);
			seen = 1;
		}
		line = next + 1;
	}
	if (!seen)
		fail("no Content-Length: %.*s", (int)length, head);
}

static void
parse(struct connection *connection, const unsigned char *data, size_t length,
      uint64_t time)
{
	const char *end;
	size_t part, before;

	if (!connection->in_body) {
		before = connection->head_length;
		part = sizeof(connection->head) - before;
		if (part > length)
			part = length;
		memcpy(connection->head + before, data, part);
		connection->head_length += part;
		end = memmem(connection->head, connection->head_length,
			     "\r\n\r\n", 4);
		if (!end) {
			if (connection->head_length == sizeof(connection->head))
				fail("the response head is too long");
			return;
		}
		end += 4;
		check_head(connection->head, (size_t)(end - connection->head));
		connection->in_body = 1;
		part = (size_t)(end - connection->head) - before;
		data += part;
		length -= part;
	}

	if (connection->body_length + length > expected_length)
		fail("the body is too long");
	if (memcmp(data, expected + connection->body_length, length))
		fail("the body is wrong");
	connection->body_length += length;
	if (connection->body_length < expected_length) {
		if (expected_length > BIG_PART)
			set_wake_threshold(connection, expected_length -
					   connection->body_length);
		return;
	}
	if (phase_measuring()) {
		figures.operations++;
		figures.bytes += expected_length;
		latency_record(time - connection->sent_at);
	}
	send_request(connection, now());
}

void
run_http(void)
{
	struct epoll_event events[EVENTS_PER_WAIT];
	struct connection *connections;
	int epoll = epoll_create1(EPOLL_CLOEXEC), index, count;
	ssize_t received;
	double before = 0;

	map_expected();
	request_length = (size_t)snprintf(request, sizeof(request),
					  "GET %s HTTP/1.1\r\n"
					  "Host: %s:%d\r\n"
					  "User-Agent: load\r\n"
					  "Accept: */*\r\n"
					  "\r\n", options.path, options.host,
					  options.port);
	connections = calloc((size_t)options.connections, sizeof(*connections));
	if (epoll < 0 || !connections)
		fail("cannot start");
	for (index = 0; index < options.connections; index++) {
		connections[index].fd = connect_socket(1);
		connections[index].tls = tls_open(connections[index].fd);
		set_blocking(connections[index].fd, 0);
		epoll_set(epoll, EPOLL_CTL_ADD, connections[index].fd, EPOLLIN,
			  &connections[index]);
	}

	phase_begin();
	for (index = 0; index < options.connections; index++)
		send_request(&connections[index], now());

	for (;;) {
		count = epoll_wait(epoll, events, EVENTS_PER_WAIT,
				   phase_wait());
		if (count < 0 && errno != EINTR)
			fail("epoll_wait: %s", strerror(errno));
		if (!phase_continues(now())) {
			if (!options.stalled || before)
				break;
			before = latency_percentile(0.99);
			open_stalled();
			phase_again();
		}
		for (index = 0; index < count; index++) {
			struct connection *connection = events[index].data.ptr;

			/* a record at a time; what OpenSSL holds wakes nobody */
			do {
				received = receive_some(connection->fd,
							connection->tls,
							receive_buffer,
							sizeof(receive_buffer));
				if (received < 0 && errno == EAGAIN)
					break;
				if (received <= 0)
					fail("recv: %s", received ?
					     strerror(errno) :
					     "the server closed a connection");
				parse(connection, receive_buffer,
				      (size_t)received, now());
			} while (connection->tls);
		}
	}

	for (index = 0; index < options.connections; index++)
		close(connections[index].fd);
	if (!figures.operations)
		fail("not one response came back");
	report(", \"p99_before_us\": %.1f, \"p99_growth\": %.3f, "
	       "\"tls\": \"%s\"", before,
	       before ? latency_percentile(0.99) / before : 1,
	       tls_negotiated(connections[0].tls));
}
