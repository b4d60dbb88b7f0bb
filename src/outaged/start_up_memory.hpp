#pragma once
// What only starting needed stays resident for as long as the daemon runs, unless it is given back.

namespace outaged::daemon {

/// Gives back the heap that is free and the pages of program and libraries (code and constants: the kernel has them in
/// its page cache, and maps again what is used). Any thread.
void release_start_up_memory();

}  // namespace outaged::daemon
