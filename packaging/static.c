/* Linked into the static binary by .ci/tarball, and into nothing else.
 *
 * A static glibc reads /etc/nsswitch.conf and loads what it names from the system, such as libnss_resolve.so.2, which drags in
 * the system's own glibc; two of different versions in one process end it by a signal. Files and DNS are in the library itself,
 * and are all that is needed to find a portal and a home folder. */
#include <nss.h>

__attribute__((constructor)) static void use_what_is_built_in(void)
{
	static const char *const databases[] = {"passwd", "group", "initgroups", "services", "protocols", "networks"};

	__nss_configure_lookup("hosts", "files dns");
	for (unsigned i = 0; i < sizeof databases / sizeof *databases; i++)
		__nss_configure_lookup(databases[i], "files");
}
