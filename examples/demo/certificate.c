/*
 * A certificate for https, made at each start by openssl(1) and signed by itself: browsers warn of it, and are right,
 * because nobody vouches for it. Both files are in a directory that only this user can read, and are removed at the end.
 */
#include "demo.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

static char directory[256], certificate[300], key[300];

/* What browsers compare with the address: the names of this machine, and where the server listens. */
static void alternative_names(char *out, size_t size, const char *listen_address)
{
	unsigned char address[16];

	lws_snprintf(out, size, "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1");
	if (lws_parse_numeric_address(listen_address, address, sizeof(address)) > 0)
		lws_snprintf(out + strlen(out), size - strlen(out), ",IP:%s", listen_address);
}

static int run_openssl(char *const *arguments)
{
	posix_spawn_file_actions_t actions;
	int status = -1;
	pid_t child;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	errno = posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ);
	if (errno)
		fprintf(stderr, "golws-demo: %s: %s\n", arguments[0], strerror(errno));
	else
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
	posix_spawn_file_actions_destroy(&actions);

	return status;
}

bool certificate_create(const char *listen_address, const char **certificate_file, const char **key_file)
{
	const char *temporary = getenv("TMPDIR");
	char names[200];
	char *const arguments[] = {
		"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
		"-subj", "/CN=localhost", "-addext", names, "-keyout", key, "-out", certificate, NULL
	};

	lws_snprintf(directory, sizeof(directory), "%s/golws-demo-XXXXXX", temporary && *temporary ? temporary : "/tmp");
	if (!mkdtemp(directory)) {
		fprintf(stderr, "golws-demo: %s: %s\n", directory, strerror(errno));
		directory[0] = '\0';
		return false;
	}
	lws_snprintf(certificate, sizeof(certificate), "%s/certificate.pem", directory);
	lws_snprintf(key, sizeof(key), "%s/key.pem", directory);
	alternative_names(names, sizeof(names), listen_address);
	if (run_openssl(arguments)) {
		certificate_remove();
		return false;
	}
	*certificate_file = certificate;
	*key_file = key;

	return true;
}

void certificate_remove(void)
{
	if (!directory[0])
		return;
	unlink(certificate);
	unlink(key);
	rmdir(directory);
	directory[0] = '\0';
}
