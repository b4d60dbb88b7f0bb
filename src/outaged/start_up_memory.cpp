#include "outaged/start_up_memory.hpp"

#include <cstdint>

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.hpp"

namespace outaged::daemon {
namespace {

/// Only segments that nobody may write: of the others MADV_DONTNEED would forget what was written.
int release_read_only(dl_phdr_info* object, std::size_t, void*) {
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const auto& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const auto begin = (object->dlpi_addr + segment.p_vaddr) / page * page;
    const auto end = (object->dlpi_addr + segment.p_vaddr + segment.p_memsz) / page * page;
    if (end <= begin) continue;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader gives addresses as numbers
    if (madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED) != 0)
      log::debug("pages of a library stay resident", {{"library", object->dlpi_name}});
  }
  return 0;
}

}  // namespace

void release_start_up_memory() {
  malloc_trim(0);
  dl_iterate_phdr(&release_read_only, nullptr);
}

}  // namespace outaged::daemon
