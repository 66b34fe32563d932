/*
 * New certificates for vhosts that serve: those that ACME clients write, and files that are watched.
 */
#include <errno.h>
#include <unistd.h>

#include "tls.h"

#define OLD_COPIES 50

static int readable(const char *path)
{
	int fd = lws_open(path, O_RDONLY);
	char byte;
	int ok;

	if (fd < 0)
		return 0;
	ok = read(fd, &byte, 1) == 1;
	close(fd);
	return ok;
}

/*
 * The file in use gets a name of its own, so that nothing is lost. It keeps its present one, too, until the update takes
 * that: at no time is there none. Where there are no links it has to be renamed.
 */
static int move_away(const char *path)
{
	char old[PATH_MAX];
	int i;

	for (i = 0; i < OLD_COPIES; i++) {
		lws_snprintf(old, sizeof(old), "%s.old.%d", path, i);
		if (!link(path, old))
			return 0;
		if (errno == EEXIST)
			continue;
		if (!access(old, F_OK))
			continue;
		if (!rename(path, old))
			return 0;
		break;
	}
	lwsl_warn("%s: cannot be kept as %s: errno %d\n", path, old, errno);
	return -1;
}

void golws_tls_take_update(const char *path)
{
	char update[PATH_MAX];

	if (lws_snprintf(update, sizeof(update), "%s.upd", path) >= (int)sizeof(update) - 1 || !readable(update))
		return;
	if (readable(path) && move_away(path))
		return;
	if (rename(update, path))
		lwsl_warn("%s: cannot be renamed to %s: errno %d\n", update, path, errno);
	else
		lwsl_notice("%s: is the new %s\n", update, path);
}

static int same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

int lws_tls_cert_updated(struct lws_context *context, const char *certpath, const char *keypath, const char *mem_cert,
			 size_t len_mem_cert, const char *mem_privkey, size_t len_mem_privkey)
{
	struct lws_vhost *vhost;
	int found = 0, failed = 0;

	if (!golws_enter_context(context, __func__))
		return 1;
	for (vhost = context->vhosts; vhost; vhost = vhost->next) {
		if (vhost->being_destroyed || !vhost->tls || !same(vhost->tls->certificate_file, certpath) ||
		    !same(vhost->tls->private_key_file, keypath))
			continue;
		if (!found++) {
			golws_tls_take_update(certpath);
			golws_tls_take_update(keypath);
		}
		/* Who has given up root may not be able to read what was written. */
		if (readable(certpath) && readable(keypath))
			failed |= lwsgo_vhost_reload_certificate(vhost->index, NULL, 0, NULL, 0);
		else if (mem_cert && mem_privkey)
			failed |= lwsgo_vhost_reload_certificate(vhost->index, (void *)mem_cert, len_mem_cert,
								 (void *)mem_privkey, len_mem_privkey);
		else {
			lwsl_err("%s: vhost %s: %s and %s cannot be read, and there is no copy in memory\n", __func__,
				 vhost->name, certpath, keypath);
			failed = 1;
		}
	}
	golws_leave_context(context);
	if (!found)
		lwsl_warn("%s: no vhost has the certificate %s with the key %s\n", __func__, certpath ? certpath : "NULL",
			  keypath ? keypath : "NULL");
	return !found || failed;
}

static void look_at_files(lws_sorted_usec_list_t *sul)
{
	struct golws_tls *tls = lws_container_of(sul, struct golws_tls, watch);
	struct lws_vhost *vhost = tls->vhost;
	int state;

	if (vhost->being_destroyed)
		return;
	lws_sul_schedule(vhost->context, 0, &tls->watch, look_at_files, tls->watch_interval);
	if (!lwsgo_vhost_files_changed(vhost->index))
		return;
	state = lwsgo_vhost_reload_certificate(vhost->index, NULL, 0, NULL, 0) ? LWS_CUS_FAILED : LWS_CUS_SUCCESS;
	lws_callback_vhost_protocols_vhost(vhost, LWS_CALLBACK_VHOST_CERT_UPDATE, NULL, (size_t)state);
}

int lws_tls_vhost_watch_cert(struct lws_vhost *vhost, int secs)
{
	struct golws_tls *tls;

	if (!golws_runtime_usable() || !golws_vhost_valid(vhost, __func__))
		return -1;
	tls = vhost->tls;
	if (!tls || !tls->certificate_file || secs < 0) {
		lwsl_err("%s: vhost %s: %s\n", __func__, vhost->name,
			 secs < 0 ? "negative time" : "its certificate does not come from a file");
		return -1;
	}
	if (!golws_enter_context(vhost->context, __func__))
		return -1;
	tls->watch_interval = (lws_usec_t)secs * LWS_US_PER_SEC;
	if (secs)
		lws_sul_schedule(vhost->context, 0, &tls->watch, look_at_files, tls->watch_interval);
	else
		lws_sul_cancel(&tls->watch);
	golws_leave_context(vhost->context);
	return 0;
}

void golws_tls_end_watch(struct golws_tls *tls)
{
	lws_sul_cancel(&tls->watch);
}
