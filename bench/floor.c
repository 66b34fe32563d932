/*
 * The floor: what the same work costs with epoll and nothing else. It parses
 * just enough to be correct for the load generator, has no limits, timeouts
 * or generality, and shows how far a real library is from the system calls.
 */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define INPUT_SIZE (512 * 1024)
#define SMALL_FILE (64 * 1024)

struct connection {
	int fd;
	unsigned char websocket;
	unsigned char closing;
	unsigned char waits_for_output;
	int file;
	off_t file_position;
	off_t file_length;
	/* an incomplete request or frame */
	unsigned char *input;
	size_t input_length;
	/* what the socket did not take */
	unsigned char *output;
	size_t output_length;
};

static const char plain_response[] = "HTTP/1.1 200 OK\r\n"
				     "content-type: text/plain\r\n"
				     "content-length: 13\r\n"
				     "\r\n"
				     "Hello, World!";

static const char *files = ".";
static int epoll;
static volatile sig_atomic_t interrupted;
static unsigned char input[INPUT_SIZE];
static unsigned char output[2 * INPUT_SIZE];
static size_t output_length;

static uint32_t
rotate(uint32_t value, unsigned int bits)
{
	return value << bits | value >> (32 - bits);
}

static void
sha1_block(uint32_t state[5], const unsigned char *block)
{
	uint32_t word[80], a = state[0], b = state[1], c = state[2],
			   d = state[3], e = state[4], f, k, next;
	unsigned int index;

	for (index = 0; index < 16; index++)
		word[index] = (uint32_t)block[4 * index] << 24 |
			      (uint32_t)block[4 * index + 1] << 16 |
			      (uint32_t)block[4 * index + 2] << 8 |
			      block[4 * index + 3];
	for (; index < 80; index++)
		word[index] = rotate(word[index - 3] ^ word[index - 8] ^
				     word[index - 14] ^ word[index - 16], 1);
	for (index = 0; index < 80; index++) {
		if (index < 20) {
			f = (b & c) | (~b & d);
			k = 0x5a827999;
		} else if (index < 40) {
			f = b ^ c ^ d;
			k = 0x6ed9eba1;
		} else if (index < 60) {
			f = (b & c) | (b & d) | (c & d);
			k = 0x8f1bbcdc;
		} else {
			f = b ^ c ^ d;
			k = 0xca62c1d6;
		}
		next = rotate(a, 5) + f + e + k + word[index];
		e = d;
		d = c;
		c = rotate(b, 30);
		b = a;
		a = next;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
}

/* Sec-WebSocket-Accept for a key of 24 characters. */
static void
accept_value(const char *key, char result[29])
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz"
				       "0123456789+/";
	uint32_t state[5] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
			      0xc3d2e1f0 };
	unsigned char block[128] = { 0 }, digest[21] = { 0 };
	unsigned int index;

	memcpy(block, key, 24);
	memcpy(block + 24, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 36);
	block[60] = 0x80;
	block[126] = 60 * 8 >> 8;
	block[127] = 60 * 8 & 255;
	sha1_block(state, block);
	sha1_block(state, block + 64);
	for (index = 0; index < 20; index++)
		digest[index] = (unsigned char)(state[index / 4] >>
						(24 - 8 * (index % 4)));
	for (index = 0; index < 7; index++) {
		uint32_t bits = (uint32_t)digest[3 * index] << 16 |
				(uint32_t)digest[3 * index + 1] << 8 |
				digest[3 * index + 2];

		result[4 * index] = alphabet[bits >> 18];
		result[4 * index + 1] = alphabet[bits >> 12 & 63];
		result[4 * index + 2] = alphabet[bits >> 6 & 63];
		result[4 * index + 3] = alphabet[bits & 63];
	}
	result[27] = '=';
	result[28] = 0;
}

static void
watch(struct connection *connection)
{
	int waits = connection->output_length ||
		    connection->file_position < connection->file_length;
	struct epoll_event event = {
		.events = waits ? EPOLLOUT : EPOLLIN,
		.data.ptr = connection,
	};

	if (waits == connection->waits_for_output)
		return;
	connection->waits_for_output = (unsigned char)waits;
	epoll_ctl(epoll, EPOLL_CTL_MOD, connection->fd, &event);
}

static void
drop(struct connection *connection)
{
	close(connection->fd);
	if (connection->file >= 0)
		close(connection->file);
	free(connection->input);
	free(connection->output);
	free(connection);
}

static void
append(const void *data, size_t length)
{
	memcpy(output + output_length, data, length);
	output_length += length;
}

/* 0: all that there is went out or waits for the socket; -1: gone */
static int
flush(struct connection *connection)
{
	ssize_t count;

	if (connection->output_length) {
		count = send(connection->fd, connection->output,
			     connection->output_length, MSG_NOSIGNAL);
		if (count < 0)
			return errno == EAGAIN ? 0 : -1;
		connection->output_length -= (size_t)count;
		memmove(connection->output, connection->output + count,
			connection->output_length);
		if (connection->output_length)
			return 0;
		free(connection->output);
		connection->output = NULL;
	}
	while (connection->file_position < connection->file_length) {
		count = sendfile(connection->fd, connection->file,
				 &connection->file_position,
				 (size_t)(connection->file_length -
					  connection->file_position));
		if (count <= 0)
			return count && errno == EAGAIN ? 0 : -1;
	}
	if (connection->file >= 0) {
		close(connection->file);
		connection->file = -1;
	}

	return 0;
}

/* Sends what was collected while one batch of input was handled. */
static int
send_output(struct connection *connection)
{
	ssize_t count;

	if (!output_length)
		return 0;
	count = send(connection->fd, output, output_length,
		     MSG_NOSIGNAL |
		     (connection->file >= 0 ? MSG_MORE : 0));
	if (count < 0) {
		if (errno != EAGAIN) {
			output_length = 0;
			return -1;
		}
		count = 0;
	}
	if ((size_t)count < output_length) {
		connection->output_length = output_length - (size_t)count;
		connection->output = malloc(connection->output_length);
		if (!connection->output)
			return -1;
		memcpy(connection->output, output + count,
		       connection->output_length);
	}
	output_length = 0;

	return 0;
}

static const char *
header(const char *head, const char *name)
{
	const char *line = strcasestr(head, name);

	return line ? line + strlen(name) : NULL;
}

static int
serve_file(struct connection *connection, const char *path, size_t length)
{
	char name[512], head[256];
	struct stat status;
	ssize_t count;
	int file;

	if (snprintf(name, sizeof(name), "%s/%.*s", files, (int)length, path) >=
	    (int)sizeof(name) || strstr(name, ".."))
		return -1;
	file = open(name, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return -1;
	if (fstat(file, &status)) {
		close(file);
		return -1;
	}
	append(head, (size_t)snprintf(head, sizeof(head),
				      "HTTP/1.1 200 OK\r\n"
				      "content-type: text/plain\r\n"
				      "content-length: %lld\r\n"
				      "\r\n", (long long)status.st_size));
	if (status.st_size <= SMALL_FILE) {
		/* one send for head and body beats sendfile here */
		count = read(file, output + output_length, SMALL_FILE);
		close(file);
		if (count != status.st_size)
			return -1;
		output_length += (size_t)count;
		return 0;
	}
	connection->file = file;
	connection->file_position = 0;
	connection->file_length = status.st_size;

	return 0;
}

/* Bytes used, 0 if the head is incomplete, -1 to close. */
static ssize_t
serve_request(struct connection *connection, unsigned char *data,
	      size_t length)
{
	char *end = memmem(data, length, "\r\n\r\n", 4), *head = (char *)data;
	char value[29], response[256];
	const char *key;

	if (!end)
		return 0;
	end[2] = 0;
	if (!strncmp(head, "GET /plain ", 11)) {
		append(plain_response, sizeof(plain_response) - 1);
	} else if (!strncmp(head, "GET /files/", 11)) {
		const char *blank = strchr(head + 11, ' ');

		if (!blank || serve_file(connection, head + 11,
					 (size_t)(blank - head - 11)))
			return -1;
	} else if ((key = header(head, "\r\nSec-WebSocket-Key: "))) {
		accept_value(key, value);
		append(response, (size_t)snprintf(
			response, sizeof(response),
			"HTTP/1.1 101 Switching Protocols\r\n"
			"Upgrade: websocket\r\n"
			"Connection: Upgrade\r\n"
			"Sec-WebSocket-Accept: %s\r\n"
			"Sec-WebSocket-Protocol: echo\r\n"
			"\r\n", value));
		connection->websocket = 1;
	} else {
		return -1;
	}

	return end + 4 - head;
}

static void
unmask(unsigned char *data, size_t length, const unsigned char mask[4])
{
	uint64_t wide;
	uint32_t narrow;
	size_t index = 0;

	memcpy(&narrow, mask, 4);
	wide = (uint64_t)narrow << 32 | narrow;
	for (; index + 8 <= length; index += 8) {
		uint64_t value;

		memcpy(&value, data + index, 8);
		value ^= wide;
		memcpy(data + index, &value, 8);
	}
	for (; index < length; index++)
		data[index] ^= mask[index & 3];
}

static ssize_t
serve_frame(struct connection *connection, unsigned char *data, size_t length)
{
	unsigned char head[10], *payload;
	size_t need = 2, size, index;

	if (length < 2)
		return 0;
	size = data[1] & 127;
	if (size == 126)
		need = 4;
	else if (size == 127)
		need = 10;
	if (length < need + 4)
		return 0;
	if (need > 2)
		for (size = 0, index = 2; index < need; index++)
			size = size << 8 | data[index];
	if (size > INPUT_SIZE - 14)
		return -1;
	if (length < need + 4 + size)
		return 0;
	payload = data + need + 4;
	unmask(payload, size, data + need);
	memcpy(head, data, need);
	head[1] &= 127;
	append(head, need);
	append(payload, size);
	if ((data[0] & 15) == 8)
		connection->closing = 1;

	return (ssize_t)(need + 4 + size);
}

static int
receive(struct connection *connection)
{
	size_t length = connection->input_length, position = 0;
	ssize_t count, used = 0;

	if (length)
		memcpy(input, connection->input, length);
	count = recv(connection->fd, input + length, INPUT_SIZE - length, 0);
	if (count <= 0)
		return count && errno == EAGAIN ? 0 : -1;
	length += (size_t)count;

	while (position < length && !connection->closing) {
		used = connection->websocket ?
			       serve_frame(connection, input + position,
					   length - position) :
			       serve_request(connection, input + position,
					     length - position);
		if (used < 0) {
			output_length = 0;
			return -1;
		}
		if (!used)
			break;
		position += (size_t)used;
	}

	free(connection->input);
	connection->input = NULL;
	connection->input_length = connection->closing ? 0 : length - position;
	if (connection->input_length) {
		connection->input = malloc(connection->input_length);
		if (!connection->input)
			return -1;
		memcpy(connection->input, input + position,
		       connection->input_length);
	}

	if (send_output(connection) || flush(connection))
		return -1;

	return connection->closing && !connection->output_length ? -1 : 0;
}

static void
accept_connections(int listener)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct connection *connection;
	int fd, one = 1;

	while ((fd = accept4(listener, NULL, NULL,
			     SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		connection = calloc(1, sizeof(*connection));
		if (!connection) {
			close(fd);
			continue;
		}
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		connection->fd = fd;
		connection->file = -1;
		event.data.ptr = connection;
		epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
	}
}

static void
on_signal(int signal_number)
{
	(void)signal_number;
	interrupted = 1;
}

static int
listen_on(int port)
{
	struct sockaddr_in address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
	    one = 1;

	memset(&address, 0, sizeof(address));
	address.sin_family = AF_INET;
	address.sin_port = htons((uint16_t)port);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(fd, SOMAXCONN)) {
		perror("floor: listen");
		exit(1);
	}

	return fd;
}

int
main(int argc, char **argv)
{
	struct epoll_event events[256], event = { .events = EPOLLIN };
	struct sigaction action = { .sa_handler = on_signal };
	struct rlimit limit;
	int listener, index, count, port = 7681;

	/* other options are the library servers' and mean nothing here */
	for (index = 1; index + 1 < argc; index += 2) {
		if (!strcmp(argv[index], "--port"))
			port = atoi(argv[index + 1]);
		if (!strcmp(argv[index], "--files"))
			files = argv[index + 1];
	}
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	/* sendfile has no MSG_NOSIGNAL */
	signal(SIGPIPE, SIG_IGN);
	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}

	listener = listen_on(port);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);

	while (!interrupted) {
		count = epoll_wait(epoll, events, 256, -1);
		for (index = 0; index < count; index++) {
			struct connection *connection = events[index].data.ptr;
			int result;

			if (!connection) {
				accept_connections(listener);
				continue;
			}
			result = connection->waits_for_output ?
					 flush(connection) :
					 receive(connection);
			if (result)
				drop(connection);
			else
				watch(connection);
		}
	}

	return 0;
}
