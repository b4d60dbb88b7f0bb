#include "base/file.hpp"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "support/temporary_directory.hpp"

using namespace outaged;
using test::TemporaryDirectory;

TEST_CASE("a file is read whole or the reason is said") {
  const TemporaryDirectory directory;
  const std::string path = (directory.path() / "file").string();
  CHECK(read_file(path, Bytes{10}).error() == "cannot be opened: No such file or directory");
  std::ofstream{path} << "0123456789";
  CHECK(*read_file(path, Bytes{10}) == "0123456789");
  CHECK(read_file(path, Bytes{9}).error() == "larger than 9B");
  CHECK(read_file(directory.path().string(), Bytes{10}).error() == "is a directory");
}

TEST_CASE("a file is replaced in one step and nothing else is left") {
  const TemporaryDirectory directory;
  const std::string path = (directory.path() / "file").string();
  std::ofstream{path} << "a much longer content than the new one";
  CHECK(write_file_atomically(path, "new"));
  CHECK(*read_file(path, Bytes{100}) == "new");
  CHECK(std::distance(std::filesystem::directory_iterator{directory.path()}, {}) == 1);
}

TEST_CASE("a file that cannot be replaced leaves no part behind") {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "taken";
  std::filesystem::create_directories(path / "inner");  // a directory with content cannot be renamed over
  CHECK(write_file_atomically(path.string(), "x").error().starts_with("cannot be replaced"));
  CHECK(std::distance(std::filesystem::directory_iterator{directory.path()}, {}) == 1);
  CHECK(
      write_file_atomically((directory.path() / "no" / "file").string(), "x").error().starts_with("cannot be created"));
}
