#include <libwebsockets.h>

#include <errno.h>

int lws_open(const char *__file, int __oflag, ...)
{
	mode_t mode = 0;
	va_list vl;

	if ((__oflag & O_CREAT)
#if defined(O_TMPFILE)
	    || (__oflag & O_TMPFILE) == O_TMPFILE
#endif
	) {
		va_start(vl, __oflag);
		mode = (mode_t)va_arg(vl, unsigned int);
		va_end(vl);
	}

	return open(__file, __oflag | O_CLOEXEC, mode);
}

static int write_whole(int fd, const char *buf, size_t len)
{
	while (len) {
		ssize_t n = write(fd, buf, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return 1;
		buf += n;
		len -= (size_t)n;
	}

	return 0;
}

int lws_plat_write_file(const char *filename, void *buf, size_t len)
{
	int fd = lws_open(filename, O_WRONLY | O_CREAT | O_TRUNC, 0600), failed;

	if (fd < 0)
		return 1;

	failed = write_whole(fd, buf, len);

	return close(fd) || failed;
}

int lws_plat_read_file(const char *filename, void *buf, size_t len)
{
	int fd = lws_open(filename, O_RDONLY);
	size_t size = 0;
	ssize_t n = 0;

	if (fd < 0)
		return -1;

	while (size < len) {
		n = read(fd, (char *)buf + size, len - size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		size += (size_t)n;
	}
	close(fd);

	return n < 0 ? -1 : (int)size;
}

int lws_plat_write_cert(struct lws_vhost *vhost, int is_key, int fd, void *buf, size_t len)
{
	(void)vhost;
	(void)is_key;

	return write_whole(fd, buf, len) || fsync(fd) || lseek(fd, 0, SEEK_SET) < 0;
}

int lws_plat_recommended_rsa_bits(void)
{
	return 4096;
}
