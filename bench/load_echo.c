/*
 * WebSocket echo: every connection keeps a fixed number of binary messages
 * under way. Each message starts with its sequence number, and every byte of
 * what comes back is compared with what was sent.
 */

#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct connection {
	int fd;
	int waits_for_output;
	uint64_t sent;
	uint64_t received;
	/* when each message under way was sent */
	uint64_t *sent_at;

	/* parser of the frame that is coming in */
	unsigned char head[10];
	size_t head_length;
	uint64_t frame_left;
	int frame_final;
	int in_frame;
	int in_message;
	size_t message_length;
	unsigned char stamp[8];

	/* what the socket did not take */
	unsigned char *output;
	size_t output_start;
	size_t output_length;
	size_t output_size;
};

static const unsigned char mask[4] = { 0x37, 0xfa, 0x21, 0x3d };

static unsigned char *plain_payload;
static unsigned char *masked_frame;
static size_t frame_head_length, frame_length, stamp_length;
static unsigned char *scratch;

static void
stamp_bytes(const struct connection *connection, uint64_t sequence,
	    unsigned char stamp[8])
{
	uint64_t value = sequence | (uint64_t)connection->fd << 40;

	memcpy(stamp, &value, 8);
}

static void
prepare_frames(void)
{
	size_t index, payload = options.payload;

	plain_payload = malloc(payload + 1);
	masked_frame = malloc(payload + 14);
	scratch = malloc((payload + 14) * (size_t)options.in_flight);
	if (!plain_payload || !masked_frame || !scratch)
		fail("out of memory");

	masked_frame[0] = 0x82;
	if (payload < 126) {
		masked_frame[1] = 0x80 | (unsigned char)payload;
		frame_head_length = 2;
	} else if (payload < 65536) {
		masked_frame[1] = 0x80 | 126;
		masked_frame[2] = (unsigned char)(payload >> 8);
		masked_frame[3] = (unsigned char)payload;
		frame_head_length = 4;
	} else {
		masked_frame[1] = 0x80 | 127;
		for (index = 0; index < 8; index++)
			masked_frame[2 + index] =
				(unsigned char)((uint64_t)payload >>
						(56 - 8 * index));
		frame_head_length = 10;
	}
	memcpy(masked_frame + frame_head_length, mask, 4);
	frame_head_length += 4;
	frame_length = frame_head_length + payload;
	stamp_length = payload < 8 ? payload : 8;

	for (index = 0; index < payload; index++) {
		plain_payload[index] = (unsigned char)(index * 31 + index / 251);
		masked_frame[frame_head_length + index] =
			plain_payload[index] ^ mask[index & 3];
	}
}

static void
keep_output(struct connection *connection, const unsigned char *data,
	    size_t length)
{
	if (connection->output_size < length) {
		free(connection->output);
		connection->output = malloc(length);
		if (!connection->output)
			fail("out of memory");
		connection->output_size = length;
	}
	memcpy(connection->output, data, length);
	connection->output_start = 0;
	connection->output_length = length;
}

static void
flush_output(struct connection *connection)
{
	while (connection->output_length) {
		ssize_t count = send(connection->fd, connection->output +
				     connection->output_start,
				     connection->output_length, MSG_NOSIGNAL);

		if (count < 0) {
			if (errno == EAGAIN)
				return;
			fail("send: %s", strerror(errno));
		}
		connection->output_start += (size_t)count;
		connection->output_length -= (size_t)count;
	}
}

/* Sends as many new messages as are missing from the wanted number. */
static void
send_messages(struct connection *connection, int epoll, uint64_t time)
{
	unsigned char stamp[8];
	size_t length = 0, index;
	ssize_t count;
	int waits;

	flush_output(connection);
	if (!connection->output_length) {
		while (connection->sent - connection->received <
		       (uint64_t)options.in_flight) {
			unsigned char *frame = scratch + length;

			memcpy(frame, masked_frame, frame_length);
			stamp_bytes(connection, connection->sent, stamp);
			for (index = 0; index < stamp_length; index++)
				frame[frame_head_length + index] =
					stamp[index] ^ mask[index & 3];
			connection->sent_at[connection->sent %
					    (uint64_t)options.in_flight] = time;
			connection->sent++;
			length += frame_length;
		}
		if (length) {
			count = send(connection->fd, scratch, length,
				     MSG_NOSIGNAL);
			if (count < 0 && errno != EAGAIN)
				fail("send: %s", strerror(errno));
			if (count < 0)
				count = 0;
			if ((size_t)count < length) {
				keep_output(connection, scratch + count,
					    length - (size_t)count);
				flush_output(connection);
			}
		}
	}

	waits = connection->output_length != 0;
	if (waits != connection->waits_for_output) {
		epoll_set(epoll, EPOLL_CTL_MOD, connection->fd,
			  waits ? EPOLLIN | EPOLLOUT : EPOLLIN, connection);
		connection->waits_for_output = waits;
	}
}

static void
frame_started(struct connection *connection)
{
	const unsigned char *head = connection->head;
	unsigned int opcode = head[0] & 15;

	if (head[0] & 0x70 || head[1] & 0x80)
		fail("unexpected bits in a frame head: %02x %02x", head[0],
		     head[1]);
	if (opcode != (connection->in_message ? 0 : 2))
		fail("unexpected opcode %u", opcode);
	connection->frame_final = head[0] >> 7;
	connection->in_frame = 1;
	connection->in_message = 1;
	if (connection->message_length + connection->frame_left >
	    options.payload)
		fail("an echo is too long");
}

static void
message_ended(struct connection *connection, uint64_t time)
{
	if (connection->message_length != options.payload)
		fail("an echo is too short: %zu", connection->message_length);
	if (phase_measuring()) {
		figures.operations++;
		figures.bytes += options.payload;
		latency_record(time - connection->sent_at[
			connection->received % (uint64_t)options.in_flight]);
	}
	connection->received++;
	if (connection->received > connection->sent)
		fail("more echoes than messages");
	connection->in_message = 0;
	connection->message_length = 0;
}

static void
check_payload(struct connection *connection, const unsigned char *data,
	      size_t length)
{
	size_t offset = connection->message_length;

	if (offset < stamp_length) {
		size_t part = stamp_length - offset;

		if (part > length)
			part = length;
		if (offset == 0)
			stamp_bytes(connection, connection->received,
				    connection->stamp);
		if (memcmp(data, connection->stamp + offset, part))
			fail("an echo has the wrong number");
		data += part;
		offset += part;
		length -= part;
	}
	if (memcmp(data, plain_payload + offset, length))
		fail("an echo has the wrong content");
	connection->message_length = offset + length;
}

static void
parse(struct connection *connection, const unsigned char *data, size_t length,
      uint64_t time)
{
	size_t need, part;
	unsigned int index;

	for (;;) {
		if (connection->in_frame && !connection->frame_left) {
			connection->in_frame = 0;
			connection->head_length = 0;
			if (connection->frame_final)
				message_ended(connection, time);
		}
		if (!length)
			return;
		if (connection->frame_left) {
			part = length < connection->frame_left ?
				       length : (size_t)connection->frame_left;
			check_payload(connection, data, part);
			connection->frame_left -= part;
			data += part;
			length -= part;
			continue;
		}
		connection->head[connection->head_length++] = *data++;
		length--;
		if (connection->head_length < 2)
			continue;
		need = (connection->head[1] & 127) == 127 ? 10 :
		       (connection->head[1] & 127) == 126 ? 4 : 2;
		if (connection->head_length < need)
			continue;
		if (need == 2)
			connection->frame_left = connection->head[1] & 127;
		for (index = 2; index < need; index++)
			connection->frame_left = connection->frame_left << 8 |
						 connection->head[index];
		frame_started(connection);
	}
}

static void
receive(struct connection *connection, uint64_t time)
{
	ssize_t count;

	do {
		count = recv(connection->fd, receive_buffer,
			     sizeof(receive_buffer), 0);
		if (count < 0) {
			if (errno == EAGAIN)
				return;
			fail("recv: %s", strerror(errno));
		}
		if (!count)
			fail("the server closed a connection");
		parse(connection, receive_buffer, (size_t)count, time);
	} while ((size_t)count == sizeof(receive_buffer));
}

void
run_echo(void)
{
	struct epoll_event events[EVENTS_PER_WAIT];
	struct connection *connections;
	int epoll = epoll_create1(EPOLL_CLOEXEC), index, count;
	uint64_t time;

	prepare_frames();
	connections = calloc((size_t)options.connections, sizeof(*connections));
	if (epoll < 0 || !connections)
		fail("cannot start");

	for (index = 0; index < options.connections; index++) {
		struct connection *connection = &connections[index];

		connection->fd = open_websocket();
		connection->sent_at = calloc((size_t)options.in_flight,
					     sizeof(uint64_t));
		if (!connection->sent_at)
			fail("out of memory");
		epoll_set(epoll, EPOLL_CTL_ADD, connection->fd, EPOLLIN,
			  connection);
	}

	phase_begin();
	for (index = 0; index < options.connections; index++)
		send_messages(&connections[index], epoll, now());

	for (;;) {
		count = epoll_wait(epoll, events, EVENTS_PER_WAIT,
				   phase_wait());
		if (count < 0 && errno != EINTR)
			fail("epoll_wait: %s", strerror(errno));
		time = now();
		if (!phase_continues(time))
			break;
		for (index = 0; index < count; index++) {
			struct connection *connection = events[index].data.ptr;

			time = now();
			if (events[index].events & ~(uint32_t)EPOLLOUT)
				receive(connection, time);
			send_messages(connection, epoll, time);
		}
	}

	for (index = 0; index < options.connections; index++)
		close(connections[index].fd);
	if (!figures.operations)
		fail("not one echo came back");
	report(NULL);
}
