#include "tls.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <unistd.h>

#include "check.h"

const char *tls_file(const char *name)
{
	static char paths[8][300];
	static int next;
	const char *directory = getenv("TEST_CERTIFICATES");
	char *path = paths[next++ % 8];

	if (!directory)
		FAIL("TEST_CERTIFICATES is not set: tests/c/tls/certificates.sh makes the directory that it names");
	REQUIRE(directory != NULL);
	snprintf(path, sizeof(paths[0]), "%s/%s", directory, name);

	return path;
}

static void *read_path(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	char *bytes = malloc(65536);

	REQUIRE(file != NULL && bytes != NULL);
	*length = fread(bytes, 1, 65535, file);
	bytes[*length] = '\0';
	fclose(file);

	return bytes;
}

void *tls_read(const char *name, size_t *length)
{
	return read_path(tls_file(name), length);
}

void tls_write(const char *path, const void *bytes, size_t length)
{
	FILE *file = fopen(path, "wb");

	REQUIRE(file != NULL);
	REQUIRE_INT(fwrite(bytes, 1, length, file), length);
	fclose(file);
}

void tls_copy(const char *name, const char *path)
{
	size_t length;
	void *bytes = tls_read(name, &length);

	tls_write(path, bytes, length);
	free(bytes);
}

void tls_connect(struct tls_client *tls, int port, const char *options, ...)
{
	static int count;
	char more[1024], command[1400];
	va_list arguments;
	int ends[2], log;

	va_start(arguments, options);
	vsnprintf(more, sizeof(more), options, arguments);
	va_end(arguments);
	snprintf(command, sizeof(command), "exec openssl s_client -quiet -connect 127.0.0.1:%d %s", port, more);

	memset(tls, 0, sizeof(*tls));
	snprintf(tls->log, sizeof(tls->log), "%s/s_client.%d", test_directory(), count++);
	REQUIRE_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	log = open(tls->log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	REQUIRE(log >= 0);
	tls->pid = fork();
	REQUIRE(tls->pid >= 0);
	if (!tls->pid) {
		dup2(ends[1], 0);
		dup2(ends[1], 1);
		dup2(log, 2);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	close(log);
	tls->client.fd = ends[0];
}

const char *tls_log(const struct tls_client *tls)
{
	static char *text;
	size_t length;

	free(text);
	text = read_path(tls->log, &length);

	return text;
}

void tls_close(struct tls_client *tls)
{
	int status;

	if (!tls->pid)
		return;
	client_close(&tls->client);
	kill(tls->pid, SIGKILL);
	while (waitpid(tls->pid, &status, 0) < 0 && errno == EINTR)
		;
	tls->pid = 0;
}

bool tls_get(int port, const char *options, const char *path, struct client_response *response, char *why, size_t room)
{
	struct tls_client tls;
	char request[512];
	bool got;

	memset(response, 0, sizeof(*response));
	tls_connect(&tls, port, "%s", options);
	snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);
	got = client_try_send(&tls.client, request, strlen(request)) && client_response(&tls.client, response, false);
	if (why)
		snprintf(why, room, "%s", tls_log(&tls));
	tls_close(&tls);

	return got;
}

void tls_expect_page(int port, const char *options, const char *text)
{
	struct client_response response;
	char why[2048];

	if (!tls_get(port, options, "/", &response, why, sizeof(why))) {
		FAIL("openssl s_client %s: %s", options, why);
		return;
	}
	CHECK_INT(response.status, 200);
	CHECK_STR((char *)response.body, text);
	client_response_free(&response);
}

void tls_expect_failure(int port, const char *options, const char *reason)
{
	struct client_response response;
	char why[2048];

	if (tls_get(port, options, "/", &response, why, sizeof(why))) {
		FAIL("openssl s_client %s got %d", options, response.status);
		client_response_free(&response);
	} else if (reason && !strstr(why, reason))
		FAIL("openssl s_client %s: not \"%s\" but %s", options, reason, why);
}

const char *tls_verifying(void)
{
	static char options[512];

	snprintf(options, sizeof(options), "-CAfile %s -verify_return_error -verify_hostname localhost", tls_file("ca.pem"));

	return options;
}

static int run(char *output, size_t room, const char *format, va_list arguments)
{
	char command[2048];
	size_t length;
	FILE *pipe;

	vsnprintf(command, sizeof(command) - 8, format, arguments);
	strcat(command, " 2>&1");
	pipe = popen(command, "r");
	REQUIRE(pipe != NULL);
	length = fread(output, 1, room - 1, pipe);
	while (length && output[length - 1] == '\n')
		length--;
	output[length] = '\0';

	return pclose(pipe);
}

int tls_try(char *output, size_t room, const char *format, ...)
{
	va_list arguments;
	int status;

	va_start(arguments, format);
	status = run(output, room, format, arguments);
	va_end(arguments);

	return status;
}

const char *tls_command(const char *format, ...)
{
	static char output[16384];
	va_list arguments;
	int status;

	va_start(arguments, format);
	status = run(output, sizeof(output), format, arguments);
	va_end(arguments);
	if (status)
		FAIL("%s: %s", format, output);
	REQUIRE_INT(status, 0);

	return output;
}

long tls_serial(int port, const char *options)
{
	const char *text = tls_command("openssl s_client -connect 127.0.0.1:%d %s </dev/null 2>/dev/null | "
				       "openssl x509 -noout -serial", port, options);

	REQUIRE(!strncmp(text, "serial=", 7));

	return strtol(text + 7, NULL, 16);
}
