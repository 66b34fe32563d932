/*
 * A directory with files to download: a short one and a long one whose content is known, made at the start.
 */
#include "demo.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LINE 64		/* bytes, with the newline */
#define LINES 156250	/* 10,000,000 bytes */

static char directory[256];

static const char *const names[] = { "hello.txt", "10MB.txt", NULL };

static void path_of(char *path, size_t size, int index)
{
	lws_snprintf(path, size, "%s/%s", directory, names[index]);
}

static int write_hello(FILE *file)
{
	return fputs("Hello from golws. This small file came from a file mount.\n", file) < 0;
}

/* Line n says so, at byte 64 * n: a range of the file can be checked without the rest. */
static int write_lines(FILE *file)
{
	int n;

	for (n = 0; n < LINES; n++)
		if (fprintf(file, "%06d %-*s\n", n, LINE - 8, "of 156250 lines of 64 bytes, for downloads and ranges") != LINE)
			return 1;

	return 0;
}

static int write_file(int index, int (*write_content)(FILE *file))
{
	char path[sizeof(directory) + 32];
	int failed;
	FILE *file;

	path_of(path, sizeof(path), index);
	file = fopen(path, "we");
	if (!file)
		return 1;
	failed = write_content(file);

	return (fclose(file) != 0) | failed;
}

const char *downloads_create(void)
{
	const char *temporary = getenv("TMPDIR");

	lws_snprintf(directory, sizeof(directory), "%s/golws-demo-XXXXXX",
		     temporary && *temporary ? temporary : "/tmp");
	if (!mkdtemp(directory)) {
		lwsl_err("%s: %s\n", directory, strerror(errno));
		directory[0] = '\0';
		return NULL;
	}
	if (write_file(0, write_hello) || write_file(1, write_lines)) {
		lwsl_err("cannot write to %s: %s\n", directory, strerror(errno));
		downloads_remove();
		return NULL;
	}

	return directory;
}

void downloads_remove(void)
{
	char path[sizeof(directory) + 32];
	int i;

	if (!directory[0])
		return;
	for (i = 0; names[i]; i++) {
		path_of(path, sizeof(path), i);
		unlink(path);
	}
	rmdir(directory);
}
