/* File operations of the program's own: what a mount and lws_serve_http_file read passes through them. */
#include "check.h"
#include "client.h"
#include "server.h"

#include <stdlib.h>

static const struct lws_plat_file_ops *platform;
static atomic_int opens, closes, bytes_read;

/* a file that exists in memory alone */
struct made_up {
	struct lws_fop_fd file;
	char content[64];
};

static lws_fileofs_t made_up_seek(lws_fop_fd_t file, lws_fileofs_t offset)
{
	file->pos = (lws_filepos_t)((lws_fileofs_t)file->pos + offset);

	return (lws_fileofs_t)file->pos;
}

static int made_up_close(lws_fop_fd_t *file)
{
	atomic_fetch_add(&closes, 1);
	free(*file);
	*file = NULL;

	return 0;
}

static int made_up_read(lws_fop_fd_t file, lws_filepos_t *amount, uint8_t *buffer, lws_filepos_t length)
{
	struct made_up *made = lws_container_of(file, struct made_up, file);

	if (length > file->len - file->pos)
		length = file->len - file->pos;
	memcpy(buffer, made->content + file->pos, (size_t)length);
	file->pos += length;
	*amount = length;
	atomic_fetch_add(&bytes_read, (int)length);

	return 0;
}

static lws_fop_fd_t on_open(const struct lws_plat_file_ops *fops, const char *filename, const char *vpath,
			    lws_fop_flags_t *flags);

static struct lws_plat_file_ops operations = {
	.LWS_FOP_OPEN = on_open,
	.LWS_FOP_CLOSE = made_up_close,
	.LWS_FOP_SEEK_CUR = made_up_seek,
	.LWS_FOP_READ = made_up_read,
};

static lws_fop_fd_t on_open(const struct lws_plat_file_ops *fops, const char *filename, const char *vpath,
			    lws_fop_flags_t *flags)
{
	struct made_up *made;

	atomic_fetch_add(&opens, 1);
	if (!strstr(filename, "made-up"))
		return platform->LWS_FOP_OPEN(platform, filename, vpath, flags);
	made = calloc(1, sizeof(*made));
	REQUIRE(made != NULL);
	strcpy(made->content, "content that nobody has on disk");
	made->file.fd = LWS_INVALID_FILE;
	made->file.fops = &operations;
	made->file.len = strlen(made->content);
	made->file.flags = *flags;
	*flags |= LWS_FOP_FLAG_VIRTUAL;

	return &made->file;
}

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	int n;

	if (reason == LWS_CALLBACK_HTTP && !strcmp(in, "/served")) {
		n = lws_serve_http_file(wsi, "/made-up.txt", "text/plain", NULL, 0);
		if (n < 0 || (n > 0 && lws_http_transaction_completed(wsi)))
			return -1;
		return 0;
	}

	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "http", on_http, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct lws_http_mount served = { .mountpoint = "/served", .mountpoint_len = 7, .origin = "http",
					.origin_protocol = LWSMPRO_CALLBACK };
static struct lws_http_mount mount = { .mount_next = &served, .mountpoint = "/", .mountpoint_len = 1,
				       .origin_protocol = LWSMPRO_FILE };

static void own_operations(void)
{
	static const char *const paths[] = { "/made-up.txt", "/served", "/made-up.txt" };
	struct lws_context_creation_info info;
	struct client_response response;
	struct server server;
	struct client client;
	char path[512];
	FILE *file;
	size_t i;

	snprintf(path, sizeof(path), "%s/real.txt", test_directory());
	file = fopen(path, "w");
	REQUIRE(file != NULL);
	fputs("a real one", file);
	fclose(file);
	mount.origin = test_directory();
	server_info(&info, protocols);
	info.mounts = &mount;
	server_create(&server, &info);
	platform = lws_get_fops(server.context);
	REQUIRE(platform && platform->LWS_FOP_OPEN);
	lws_set_fops(server.context, &operations);
	CHECK_PTR(lws_get_fops(server.context), &operations);
	server_start(&server);

	client_tcp(&client, server.port);
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		client_print(&client, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", paths[i]);
		REQUIRE(client_response(&client, &response, false));
		CHECK_INT(response.status, 200);
		CHECK_STR((char *)response.body, "content that nobody has on disk");
		client_response_free(&response);
	}
	client_print(&client, "GET /real.txt HTTP/1.1\r\nHost: a\r\n\r\n");
	REQUIRE(client_response(&client, &response, false));
	CHECK_STR((char *)response.body, "a real one");
	client_response_free(&response);
	client_close(&client);
	CHECK(atomic_load(&opens) >= 4);
	CHECK_INT(atomic_load(&bytes_read), 3 * 31);
	server_destroy(&server);
	CHECK_INT(atomic_load(&closes), 3);
}

TEST_MAIN({ "own_operations", own_operations })
