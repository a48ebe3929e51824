//! On how many threads something runs. Knows nothing of what runs.

/// Runs on so many threads: on those of the pool that is there if it has as many, so that what one step leaves in caches
/// and in spare memory is the next one's; else on new ones.
pub(crate) fn on<T: Send>(jobs: usize, work: impl FnOnce() -> T + Send) -> T {
    let jobs = jobs.max(1);
    if rayon::current_num_threads() == jobs {
        return rayon::scope(|_| work());
    }
    match rayon::ThreadPoolBuilder::new().num_threads(jobs).build() {
        Ok(pool) => pool.install(work),
        // No new threads to be had: the ones that are there already do.
        Err(_) => work(),
    }
}
