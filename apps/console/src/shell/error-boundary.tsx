import { Component, type ReactNode } from 'react';
import { ProblemNote } from '../parts/problem-note';

/** Keeps the rest of the console standing where a page breaks. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return <ProblemNote error={this.state.error} onAgain={() => this.setState({ error: null })} />;
  }
}
