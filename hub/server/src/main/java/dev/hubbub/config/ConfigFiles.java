package dev.hubbub.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Finds the files that a config names: in the config's own folder, then in the working directory. */
final class ConfigFiles {
    private final Path folder;

    /** Creates a finder for the config of this name. */
    ConfigFiles(String config) {
        Path parent = Path.of(config).getParent();
        this.folder = parent == null ? Path.of("") : parent;
    }

    /** Returns the file of this name; empty when there is none. */
    Optional<Path> file(String name) {
        return find(name, Files::isRegularFile);
    }

    /** Returns the folder of this name; empty when there is none. */
    Optional<Path> folder(String name) {
        return find(name, Files::isDirectory);
    }

    private Optional<Path> find(String name, Predicate<Path> exists) {
        try {
            return Stream.of(folder.resolve(name), Path.of(name)).filter(exists).findFirst();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
