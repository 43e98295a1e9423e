/// An error about what the store holds: an object is missing, damaged, or not what it should be.
///
/// Whoever knows which version and file it belongs to catches it and says so.
package protocol ContentProblem: UserFacingError {}
