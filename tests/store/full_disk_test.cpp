// A disk that is full, and has room again: a small file system of the test's own, in a mount namespace of its own.
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include "store/sample.hpp"
#include "support/child.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace std::chrono_literals;

namespace {

constexpr int kMany = 1000;

/// Mounts an empty file system of `megabytes` that only this process and its children see; the error in words.
std::string mount_small_disk(const std::string& directory, int megabytes) {
  // Root needs a mount namespace alone; others get one with a user namespace, which only one thread alone may enter.
  const bool as_root = ::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  if (!as_root) {
    const auto uid = ::geteuid();
    const auto gid = ::getegid();
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return "unshare: " + std::string{std::strerror(errno)};
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << fmt::format("0 {} 1", uid);
    std::ofstream("/proc/self/gid_map") << fmt::format("0 {} 1", gid);
  }
  const auto options = fmt::format("size={}m", megabytes);
  if (::mount("outaged-test", directory.c_str(), "tmpfs", 0, options.c_str()) != 0)
    return "mount: " + std::string{std::strerror(errno)};
  return {};
}

/// Takes all the room that is left.
void fill_up(const std::string& path) {
  std::ofstream filler(path, std::ios::binary);
  const std::string page(4096, 'x');
  while (filler.write(page.data(), static_cast<std::streamsize>(page.size())).flush()) continue;
}

/// What went wrong, or nothing: results wait, an incident and its message are written, and read back.
std::string tell_of_an_outage_on_a_full_disk(const std::string& directory) {
  if (auto reason = mount_small_disk(directory, 32); !reason.empty()) return reason;
  auto opened = store::Writer::open({.path = directory + "/outaged.db"}, test::base_time);
  if (!opened) return opened.error().reason;
  auto& writer = **opened;
  writer.submit({.results = {test::healthy_run("p", 0)}});
  if (!writer.flush(30s)) return "not written while there was room";
  if (!std::filesystem::exists(directory + "/outaged.db-reserve")) return "no room is kept";

  fill_up(directory + "/filler");
  std::atomic<bool> results = false;
  std::atomic<bool> incident = false;
  store::Batch many;
  for (int minute = 1; minute <= 20'000; ++minute) many.results.push_back(test::failed_run("p", minute));
  writer.submit(std::move(many), [&results] { results = true; });
  for (int waits = 0; writer.stats().trouble.empty() && waits < 60; ++waits) writer.flush(100ms);
  if (writer.stats().trouble.find("full") == std::string::npos) return "the trouble is not told";
  writer.submit({.incidents = {test::open_incident(1)}, .outbox = {test::message_for(1, "team", "opened")}},
                [&incident] { incident = true; });
  for (int waits = 0; !incident && waits < 100; ++waits) writer.flush(100ms);
  if (!incident) return "an incident waits for room";
  if (results) return "results were written where there is no room";
  if (writer.stats().trouble.empty()) return "the trouble is told no more";
  if (test::open_reader(directory + "/outaged.db").open_incidents().size() != 1) return "acknowledged and not there";

  std::filesystem::remove(directory + "/filler");
  if (!writer.flush(60s)) return "not written though there is room again: " + writer.stats().trouble;
  if (!results || !writer.stats().trouble.empty()) return "results are lost, or trouble is still told";
  return std::filesystem::exists(directory + "/outaged.db-reserve") ? "" : "no room is kept for the next time";
}

/// What went wrong, or nothing.
std::string write_through_a_full_disk(const std::string& directory) {
  if (auto reason = mount_small_disk(directory, 32); !reason.empty()) return reason;
  auto opened = store::Writer::open({.path = directory + "/outaged.db"}, test::base_time);
  if (!opened) return opened.error().reason;
  auto& writer = **opened;
  std::atomic<int> acknowledged = 0;
  const auto acknowledge = [&acknowledged] { ++acknowledged; };
  writer.submit({.incidents = {test::open_incident(1)}}, acknowledge);
  if (!writer.flush(30s) || acknowledged != 1) return "not written while there was room";

  fill_up(directory + "/filler");
  const auto another = store::Writer::open({.path = directory + "/another.db"}, test::base_time);
  if (another) return "a database made on a full disk";
  if (another.error().outlook != Outlook::passing) return "a full disk is no fault of the configuration";
  // More than the room that was kept holds.
  for (int number = 2; number <= kMany; ++number) {
    auto incident = test::open_incident(number);
    incident.diagnosis.append(8000, '.');
    writer.submit({.incidents = {incident}, .outbox = {test::message_for(number, "team", "opened")}}, acknowledge);
  }
  for (int waits = 0; writer.stats().trouble.empty() && waits < 60; ++waits) writer.flush(100ms);
  const auto trouble = writer.stats().trouble;
  if (trouble.find("full") == std::string::npos) return "the trouble is not told: \"" + trouble + '"';
  const int before = acknowledged;
  if (before == kMany) return "everything acknowledged on a full disk";
  if (static_cast<int>(test::open_reader(directory + "/outaged.db").open_incidents().size()) < before)
    return "acknowledged and not there";

  std::filesystem::remove(directory + "/filler");
  if (!writer.flush(60s)) return "not written though there is room again: " + writer.stats().trouble;
  if (acknowledged != kMany) return fmt::format("{} of {} acknowledged in the end", acknowledged.load(), kMany);
  if (!writer.stats().trouble.empty()) return "trouble is still told";
  const auto there = test::open_reader(directory + "/outaged.db").open_incidents().size();
  return there == kMany ? "" : fmt::format("{} of {} incidents are there", there, kMany);
}

}  // namespace

TEST_CASE("a full disk still takes an incident and its message, and results wait") {
  const test::TemporaryDirectory directory;
  CHECK(test::in_child([&directory] { return tell_of_an_outage_on_a_full_disk(directory.path()); }) == "");
}

TEST_CASE("a full disk acknowledges nothing and loses nothing and is written again when there is room") {
  const test::TemporaryDirectory directory;
  CHECK(test::in_child([&directory] { return write_through_a_full_disk(directory.path()); }) == "");
}
